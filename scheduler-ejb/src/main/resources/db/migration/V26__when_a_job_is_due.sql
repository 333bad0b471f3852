-- a step of priority is worth 30 minutes of waiting: an order that time keeps, so that what is deep in a group comes up
alter table job add column due_at datetime(3);
update job set due_at = timestampadd(minute, -30 * priority, created_at);
alter table job modify column due_at datetime(3) not null;
drop index job_by_target on job;
create index job_by_target on job (target, state, group_id, interrupted desc, due_at, id, released_generation, generation, not_before);
