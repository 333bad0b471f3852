-- true: the run's jobs stay on the targets that they were submitted for
alter table run add column each_on_its_target boolean not null default false;
