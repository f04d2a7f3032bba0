-- Bulk profile imports through the API. The job's position says how far it is, so a crash resumes where it was.
create table profile_import_job (
  account_id      bigint not null references account on delete cascade,
  id              text collate "C" not null,
  status          text not null check (status in ('queued', 'processing', 'complete', 'cancelled')),
  created_at      timestamptz not null,
  started_at      timestamptz,
  completed_at    timestamptz,
  expires_at      timestamptz not null,
  total_count     integer not null check (total_count > 0),
  completed_count integer not null default 0,
  failed_count    integer not null default 0,
  -- the profiles as they were sent (a JSON array); emptied when the job is complete
  payload         json,
  door_notes      json,
  primary key (account_id, id)
);
create index profile_import_job_created on profile_import_job (account_id, created_at, id);

-- What became of each profile of a job, by its place in the request.
create table profile_import_result (
  account_id bigint not null,
  job_id     text collate "C" not null,
  position   integer not null,
  profile_id text collate "C",
  -- {"code", "title", "detail", "pointer"} and the profile as it was sent, when it was refused
  error      json,
  original   json,
  primary key (account_id, job_id, position),
  foreign key (account_id, job_id) references profile_import_job on delete cascade,
  check ((profile_id is null) <> (error is null))
);
