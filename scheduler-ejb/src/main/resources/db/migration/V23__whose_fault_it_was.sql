-- how fresh a job's app is when its tests begin, beyond what its run asks for
alter table job add column isolation varchar(16) not null default 'AS_ASKED';

-- specs that failed with cleared data and passed on a new install; the id is a hash of the three columns
create table state_leak (
  id varchar(64) not null primary key,
  org_id varchar(64) not null,
  package_name varchar(255) not null,
  test_path varchar(500) not null,
  found_at datetime(3) not null
) default charset=utf8mb4 collate=utf8mb4_0900_bin;
create index state_leak_by_app on state_leak (org_id, package_name);

-- attempts whose tests failed on one slot and passed on another one
create table slot_doubt (
  job_id varchar(40) not null,
  number integer not null,
  slot_id varchar(200) not null,
  noted_at datetime(3) not null,
  primary key (job_id, number)
) default charset=utf8mb4 collate=utf8mb4_0900_bin;
create index slot_doubt_by_time on slot_doubt (noted_at);
