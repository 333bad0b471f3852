-- the files of a build that has several: the app for each ABI, and its companions. A build without rows here is one file
create table build_binary (
  org_id varchar(64) not null,
  app_version_id varchar(200) not null,
  number integer not null,
  position integer not null,
  sha256 varchar(64) not null,
  file_name varchar(255) not null,
  size bigint not null,
  package_name varchar(255) not null,
  abis varchar(255) not null,
  primary key (org_id, app_version_id, number, position),
  constraint build_binary_of foreign key (org_id, app_version_id, number) references build (org_id, app_version_id, number)
) default charset=utf8mb4 collate=utf8mb4_0900_bin;
