-- the tests that a run is about, by spec, as JSON; null: all of its specs
alter table run add column only_tests mediumtext;
