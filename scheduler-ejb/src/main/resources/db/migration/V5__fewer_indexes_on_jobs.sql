-- each move of a job writes all of its indexes: what these two found is found by others as well.
-- job_by_group also led the order of a group's waiting jobs astray: MySQL took it and sorted the whole group.
drop index job_by_group on job;
drop index job_by_worker on job;
