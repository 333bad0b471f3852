-- variables of a run's specs, sealed under a key that is not in the database; null: none
alter table run add column secrets mediumtext;
