-- the lease's end as it stood when the attempt ended: by how much a result was in time
alter table attempt_result add column lease_until datetime(3);

-- one row for each generation after the first: what became of the one before, and on which slot
create table requeue (
  job_id varchar(40) not null,
  generation bigint not null,
  reason varchar(16) not null,
  slot_id varchar(200),
  shared boolean not null,
  happened_at datetime(3) not null,
  primary key (job_id, generation),
  constraint requeue_job foreign key (job_id) references job (id)
) default charset=utf8mb4 collate=utf8mb4_0900_bin;
create index requeue_by_time on requeue (happened_at);
