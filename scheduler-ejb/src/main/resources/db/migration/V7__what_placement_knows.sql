-- an org's part of the slots, and how many of its jobs may run at once on each target (null: as many as there are slots)
alter table org add column weight double not null default 1;
alter table org add column cap integer;

-- how many jobs may run at once on a target, all orgs together
alter table target_lock add column cap integer;

-- what an org was given of a target, in milliseconds of slot time per weight
create table org_account (
  org_id varchar(64) not null,
  target varchar(16) not null,
  tag double not null,
  active boolean not null,
  primary key (target, org_id)
) default charset=utf8mb4 collate=utf8mb4_0900_bin;

-- how long things take, as measured; the id is a hash of the other columns that say what
create table figure (
  id varchar(64) not null primary key,
  kind varchar(16) not null,
  org_id varchar(64) not null,
  package_name varchar(255) not null,
  target varchar(16) not null,
  test_path varchar(500),
  mean_ms bigint not null,
  spread_ms bigint not null,
  measured bigint not null,
  updated_at datetime(3) not null
) default charset=utf8mb4 collate=utf8mb4_0900_bin;

-- one row: results up to here are in the accounts and figures; what a transaction finds after its lock is the newest
create table books (
  id integer not null primary key,
  booked_until datetime(3) not null
) default charset=utf8mb4 collate=utf8mb4_0900_bin;
insert into books (id, booked_until) values (1, '1970-01-01 00:00:00');

-- the books, and what a day's installs came to
create index attempt_result_by_time on attempt_result (finished_at);
