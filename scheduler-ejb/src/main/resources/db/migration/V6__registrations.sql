-- a registration that is sent again is the same one: no other incarnation, no lease ended
alter table worker add column registration bigint not null default 0;

-- the hand-off queues that are there, and when one whose worker has ended goes
create table worker_queue (
  worker_id varchar(40) not null primary key,
  remove_at datetime(3),
  constraint worker_queue_worker foreign key (worker_id) references worker (id)
) default charset=utf8mb4 collate=utf8mb4_0900_bin;
insert into worker_queue (worker_id) select id from worker where state_proof_hash is not null;
