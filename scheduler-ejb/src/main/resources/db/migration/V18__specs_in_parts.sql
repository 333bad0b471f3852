-- a long spec may be divided among several jobs, each about a part of its tests
alter table job add column part int not null default 1;
alter table job add column parts int not null default 1;
