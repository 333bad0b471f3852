-- regular expressions that say which tests of its specs a run is about; null: all
alter table run add column grep varchar(1000);
alter table run add column grep_invert varchar(1000);
