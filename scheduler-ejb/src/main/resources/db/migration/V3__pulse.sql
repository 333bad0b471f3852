-- one row: when some server last worked here, and when for the last time none did for long
create table pulse (
  id integer not null primary key,
  beat_at datetime(3) not null,
  away_from datetime(3) not null,
  away_to datetime(3) not null
) default charset=utf8mb4 collate=utf8mb4_0900_bin;
insert into pulse (id, beat_at, away_from, away_to) values (1, '1970-01-01 00:00:00', '1970-01-01 00:00:00', '1970-01-01 00:00:00');
