-- how often a job went on to another of the targets that its run allows
alter table job add column transfers integer not null default 0;

-- the project of the config on each of several targets, as JSON; null: the run has one target
alter table run add column projects varchar(2000);

-- the runs with several targets that have not ended: few, so that a tick can look at all of them
create table run_target (
  target varchar(16) not null,
  run_id varchar(40) not null,
  primary key (target, run_id)
) default charset=utf8mb4 collate=utf8mb4_0900_bin;
