-- what a running attempt has printed so far; it goes when the whole log is there as a file
create table log_piece (
  job_id varchar(40) not null,
  attempt integer not null,
  from_byte integer not null,
  to_byte integer not null,
  piece longblob not null,
  primary key (job_id, attempt, from_byte)
) default charset=utf8mb4 collate=utf8mb4_0900_bin;
