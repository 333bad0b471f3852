-- runs that are cancelled once nobody has asked for them for so long; without those that have ended
create table run_watch (
  run_id varchar(40) not null primary key,
  seen_at datetime(3) not null,
  patience_ms bigint not null
) default charset=utf8mb4 collate=utf8mb4_0900_bin;
