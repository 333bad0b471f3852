-- what its files ask of a phone (ABIs, API level), as JSON; null: nothing, or it is from before and nothing is known
alter table build add column compatibility varchar(4000);
