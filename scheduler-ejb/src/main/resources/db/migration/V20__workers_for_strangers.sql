-- hosts that run what strangers submit: known by how they were enrolled, not by what they say
alter table enrolment add column untrusted boolean not null default false;
alter table worker add column untrusted boolean not null default false;
