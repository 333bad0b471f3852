-- regular expressions that say which tests of its specs a run is about; null: all
alter table run add column grep text;
alter table run add column grep_invert text;
