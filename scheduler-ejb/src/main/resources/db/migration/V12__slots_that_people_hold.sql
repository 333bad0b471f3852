-- slots that people have to themselves for a while
create table slot_hold (
  slot_id varchar(200) not null primary key,
  held_until datetime(3) not null,
  reason varchar(200) not null,
  held_by varchar(40) not null
) default charset=utf8mb4 collate=utf8mb4_0900_bin;
