-- the tick asks what was sent and not claimed yet: a few rows, however long the queue is
create index job_by_release on job (target, state, released_generation);
-- nobody asks by it
drop index job_by_slot on job;
