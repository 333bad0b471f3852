-- how many minutes of BrowserStack an org may use in a calendar month of UTC (null: any number), and has used
alter table org add column browserstack_minutes integer;
create table org_minutes (
  org_id varchar(64) not null,
  used_month varchar(7) not null,
  used_ms bigint not null,
  primary key (org_id, used_month)
) default charset=utf8mb4 collate=utf8mb4_0900_bin;
