-- uploads that nothing was submitted with for long go, and bytes that no row names
alter table blob_owner add column used_at datetime(3) not null default current_timestamp(3);
create index blob_owner_by_use on blob_owner (used_at);
create index blob_owner_by_blob on blob_owner (sha256);
create index artefact_by_blob on artefact (sha256);
create table idle_blob (
  sha256 varchar(64) not null primary key,
  since datetime(3) not null
) default charset=utf8mb4 collate=utf8mb4_0900_bin;
create index idle_blob_by_time on idle_blob (since);
