-- The same text holds on MySQL 8.4+ and on H2 in MySQL mode.
-- Ids, test paths and names of versions differ by case and by trailing blanks: a binary collation that does not pad.
-- Times are UTC with milliseconds: sessions are UTC, and the server refuses to start where they are not.

create table org (
  id varchar(64) not null primary key,
  name varchar(200) not null,
  created_at datetime(3) not null
) default charset=utf8mb4 collate=utf8mb4_0900_bin;

create table token (
  id varchar(40) not null primary key,
  hash varchar(64) not null,
  role varchar(16) not null,
  org_id varchar(64),
  worker_id varchar(40),
  name varchar(200),
  created_at datetime(3) not null,
  expires_at datetime(3),
  revoked_at datetime(3),
  constraint token_hash unique (hash),
  constraint token_org foreign key (org_id) references org (id)
) default charset=utf8mb4 collate=utf8mb4_0900_bin;

create table enrolment (
  hash varchar(64) not null primary key,
  created_at datetime(3) not null,
  expires_at datetime(3) not null,
  used_at datetime(3)
) default charset=utf8mb4 collate=utf8mb4_0900_bin;

create table audit (
  id varchar(40) not null primary key,
  happened_at datetime(3) not null,
  token_id varchar(40),
  action varchar(40) not null,
  subject varchar(200) not null,
  detail mediumtext
) default charset=utf8mb4 collate=utf8mb4_0900_bin;
create index audit_by_time on audit (happened_at);

create table blob_owner (
  org_id varchar(64) not null,
  sha256 varchar(64) not null,
  size bigint not null,
  created_at datetime(3) not null,
  primary key (org_id, sha256)
) default charset=utf8mb4 collate=utf8mb4_0900_bin;

create table build (
  org_id varchar(64) not null,
  app_version_id varchar(200) not null,
  number integer not null,
  sha256 varchar(64) not null,
  file_name varchar(255) not null,
  size bigint not null,
  package_name varchar(255) not null,
  version_name varchar(255),
  created_at datetime(3) not null,
  primary key (org_id, app_version_id, number)
) default charset=utf8mb4 collate=utf8mb4_0900_bin;

create table run (
  id varchar(40) not null primary key,
  org_id varchar(64) not null,
  app_version_id varchar(200) not null,
  build integer not null,
  bundle_sha256 varchar(64) not null,
  project_dir varchar(1000) not null,
  config varchar(1000) not null,
  project varchar(255) not null,
  target varchar(16) not null,
  priority integer not null,
  reset_policy varchar(16) not null,
  retries integer not null,
  timeout_ms bigint not null,
  stock boolean not null,
  name varchar(255),
  environment mediumtext not null,
  created_at datetime(3) not null
) default charset=utf8mb4 collate=utf8mb4_0900_bin;
create index run_by_org on run (org_id, created_at, id);
create index run_by_time on run (created_at, id);
create index run_by_app on run (org_id, app_version_id, created_at);

-- a submission's idempotency key, so that a repeat finds its run
create table run_key (
  org_id varchar(64) not null,
  idempotency_key varchar(200) not null,
  run_id varchar(40) not null,
  body_hash varchar(64) not null,
  primary key (org_id, idempotency_key)
) default charset=utf8mb4 collate=utf8mb4_0900_bin;

-- the waiting jobs of one build for one target: where they have their home, and how long they take
create table job_group (
  id varchar(40) not null primary key,
  org_id varchar(64) not null,
  app_version_id varchar(200) not null,
  build integer not null,
  target varchar(16) not null,
  home_slot_id varchar(200),
  pinned_at bigint,
  set_up_ms bigint,
  run_ms bigint,
  constraint job_group_of unique (org_id, app_version_id, build, target)
) default charset=utf8mb4 collate=utf8mb4_0900_bin;

create table job (
  id varchar(40) not null primary key,
  run_id varchar(40) not null,
  group_id varchar(40) not null,
  org_id varchar(64) not null,
  app_version_id varchar(200) not null,
  build integer not null,
  target varchar(16) not null,
  test_path varchar(500) not null,
  priority integer not null,
  state varchar(16) not null,
  generation bigint not null,
  attempt integer not null,
  broken_attempts integer not null,
  retries_left integer not null,
  not_before datetime(3),
  avoid_slot_id varchar(200),
  interrupted boolean not null,
  lease_token varchar(128),
  lease_slot_id varchar(200),
  lease_worker_id varchar(40),
  lease_incarnation bigint,
  lease_until datetime(3),
  released_generation bigint,
  released_slot_id varchar(200),
  released_at datetime(3),
  noted_slot_id varchar(200),
  noted_at datetime(3),
  flaky boolean not null,
  failure_kind varchar(16),
  message mediumtext,
  created_at datetime(3) not null,
  started_at datetime(3),
  finished_at datetime(3),
  constraint job_run foreign key (run_id) references run (id)
) default charset=utf8mb4 collate=utf8mb4_0900_bin;
-- the tick: counts per group, and the order of release within one, from the index alone
create index job_by_target on job (target, state, group_id, interrupted desc, priority desc, created_at, id, released_generation, generation, not_before);
create index job_by_group on job (group_id, state);
create index job_by_lease_end on job (state, lease_until);
create index job_by_token on job (lease_token);
create index job_by_slot on job (lease_slot_id);
create index job_by_worker on job (lease_worker_id, lease_incarnation);

create table attempt (
  job_id varchar(40) not null,
  number integer not null,
  generation bigint not null,
  lease_token varchar(128) not null,
  slot_id varchar(200) not null,
  worker_id varchar(40) not null,
  started_at datetime(3) not null,
  primary key (job_id, number),
  constraint attempt_job foreign key (job_id) references job (id)
) default charset=utf8mb4 collate=utf8mb4_0900_bin;

-- the key is what makes a result unique
create table attempt_result (
  job_id varchar(40) not null,
  number integer not null,
  outcome varchar(16) not null,
  failure_kind varchar(16),
  message mediumtext,
  installs integer not null,
  stock_installs integer not null,
  set_up_ms bigint not null,
  run_ms bigint not null,
  finished_at datetime(3) not null,
  primary key (job_id, number),
  constraint attempt_result_job foreign key (job_id) references job (id)
) default charset=utf8mb4 collate=utf8mb4_0900_bin;

create table test_result (
  job_id varchar(40) not null,
  attempt integer not null,
  position integer not null,
  title_path mediumtext not null,
  file varchar(1000) not null,
  line_number integer not null,
  column_number integer not null,
  status varchar(16) not null,
  duration_ms bigint not null,
  message mediumtext,
  code_frame mediumtext,
  primary key (job_id, attempt, position),
  constraint test_result_of foreign key (job_id, attempt) references attempt_result (job_id, number)
) default charset=utf8mb4 collate=utf8mb4_0900_bin;

create table artefact (
  job_id varchar(40) not null,
  attempt integer not null,
  name varchar(200) not null,
  content_type varchar(200) not null,
  size bigint not null,
  sha256 varchar(64) not null,
  created_at datetime(3) not null,
  primary key (job_id, attempt, name),
  constraint artefact_job foreign key (job_id) references job (id)
) default charset=utf8mb4 collate=utf8mb4_0900_bin;

create table worker (
  id varchar(40) not null primary key,
  name varchar(64) not null,
  incarnation bigint not null,
  state_proof_hash varchar(64),
  draining boolean not null,
  last_beat_at datetime(3),
  constraint worker_name unique (name)
) default charset=utf8mb4 collate=utf8mb4_0900_bin;

create table slot (
  id varchar(200) not null primary key,
  worker_id varchar(40) not null,
  target varchar(16) not null,
  udid varchar(200),
  capabilities mediumtext not null,
  attached boolean not null,
  attachment bigint not null,
  last_beat_at datetime(3) not null
) default charset=utf8mb4 collate=utf8mb4_0900_bin;
create index slot_by_worker on slot (worker_id);
create index slot_by_target on slot (target, attached, last_beat_at);

create table slot_holding (
  slot_id varchar(200) not null,
  package_name varchar(255) not null,
  sha256 varchar(64) not null,
  primary key (slot_id, package_name),
  constraint slot_holding_slot foreign key (slot_id) references slot (id)
) default charset=utf8mb4 collate=utf8mb4_0900_bin;

-- whoever holds a target's row decides for that target
create table target_lock (
  target varchar(16) not null primary key
) default charset=utf8mb4 collate=utf8mb4_0900_bin;
insert into target_lock (target) values ('EMULATOR');
insert into target_lock (target) values ('DEVICE');
insert into target_lock (target) values ('BROWSERSTACK');
