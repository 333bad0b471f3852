-- what an org has only so many of, such as test accounts, and how many jobs may use it at once
create table resource (
  org_id varchar(64) not null,
  name varchar(64) not null,
  most integer not null,
  primary key (org_id, name)
) default charset=utf8mb4 collate=utf8mb4_0900_bin;

-- names of resources that the run's jobs use, as JSON; null: none
alter table run add column resources varchar(2000);

-- the same of the runs that have not ended: few, so that a tick can look at all of them
create table run_resource (
  run_id varchar(40) not null,
  org_id varchar(64) not null,
  name varchar(64) not null,
  primary key (run_id, name)
) default charset=utf8mb4 collate=utf8mb4_0900_bin;
