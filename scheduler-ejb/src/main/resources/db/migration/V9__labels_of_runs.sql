-- what people find and group runs by, as JSON: at most 16 names of 64 and values of 250 characters
alter table run add column labels varchar(9200) not null default '{}';
