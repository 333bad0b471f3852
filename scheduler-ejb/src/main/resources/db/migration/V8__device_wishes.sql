-- capabilities that the slot of a run's jobs has to have, as JSON; null: any slot
alter table run add column device mediumtext;

-- the runs that wish for a device and have not ended: few, so that a tick can look at all of them
create table run_wish (
  run_id varchar(40) not null primary key,
  target varchar(16) not null,
  device mediumtext not null
) default charset=utf8mb4 collate=utf8mb4_0900_bin;
create index run_wish_by_target on run_wish (target);
