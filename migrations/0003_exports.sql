-- Exports: the account's destination, its syncs, their runs, and the chunks a run is staged and loaded in.

create table destination (
  account_id        bigint not null references account on delete cascade,
  id                text collate "C" not null,
  kind              text not null,
  name              text not null check (name <> ''),
  enabled           boolean not null default true,
  -- the form without its secret fields; those are in `secrets`, sealed
  settings          json not null,
  secrets           text,
  secrets_set       text[] not null default '{}',
  selection         json not null,
  -- where the chosen history begins, fixed when it was chosen; null = all time
  history_since     timestamptz,
  version           integer not null default 1,
  created_at        timestamptz not null,
  last_claimed_at   timestamptz,
  removed_at        timestamptz,
  primary key (account_id, id)
);
-- at most one live destination per account
create unique index destination_live on destination (account_id) where removed_at is null;

create table sync (
  account_id        bigint not null,
  id                text collate "C" not null,
  destination_id    text collate "C" not null,
  object            text not null check (object in ('profiles', 'events')),
  kind              text not null check (kind in ('historical', 'periodic')),
  status            text not null
                    check (status in ('completed', 'scheduled', 'in_progress', 'error', 'failed', 'paused', 'disabled')),
  -- change number up to which a periodic sync has exported everything, and the moment that number was read
  cursor            bigint not null,
  cursor_at         timestamptz not null,
  -- the next start (scheduled) or the next attempt (error)
  next_run_at       timestamptz,
  created_at        timestamptz not null,
  primary key (account_id, id),
  unique (account_id, destination_id, object, kind),
  foreign key (account_id, destination_id) references destination on delete cascade
);
create index sync_due on sync (next_run_at) where status in ('scheduled', 'error');

create table run (
  account_id        bigint not null,
  id                text collate "C" not null,
  sync_id           text collate "C" not null,
  destination_id    text collate "C" not null,
  status            text not null check (status in ('queued', 'running', 'failed', 'succeeded', 'cancelled')),
  -- half-open range (from, to] of change numbers, fixed when the run is made
  number_from       bigint not null,
  number_to         bigint not null check (number_to >= number_from),
  -- which events belong to the run: see src/exports/filter.ts
  filter            json not null,
  -- events of [since, until) only; null = no limit. Historical runs only
  since             timestamptz,
  until             timestamptz,
  -- rows deleted before the run's window are sent too: the warehouse may hold rows of an earlier connection
  with_tombstones   boolean not null,
  created_at        timestamptz not null,
  planned_at        timestamptz,
  started_at        timestamptz,
  ended_at          timestamptz,
  primary key (account_id, id),
  foreign key (account_id, sync_id) references sync on delete cascade
);
-- no two runs of one sync at once
create unique index run_open on run (account_id, sync_id) where status in ('running', 'failed');
create index run_of_sync on run (account_id, sync_id, id);
create index run_unplanned on run (created_at) where status = 'running' and planned_at is null;

create table chunk (
  account_id        bigint not null,
  -- also the batch's id in the warehouse's ledger: the same id always means the same rows to look for
  id                text collate "C" not null,
  run_id            text collate "C" not null,
  sync_id           text collate "C" not null,
  destination_id    text collate "C" not null,
  -- order of work within the run
  position          integer not null,
  table_name        text not null check (table_name in ('klaviyo_profile', 'klaviyo_event', 'klaviyo_metric')),
  content           text not null check (content in ('rows', 'tombstones', 'changes')),
  number_from       bigint not null,
  number_to         bigint not null,
  time_from         timestamptz,
  time_to           timestamptz,
  estimated_rows    bigint not null,
  state             text not null default 'pending' check (state in ('pending', 'staged', 'loaded', 'cancelled')),
  -- the staged files: [{"name", "rows", "bytes", "sha256"}]
  files             json,
  source_rows       bigint,
  staged_rows       bigint,
  staged_bytes      bigint,
  loaded_rows       bigint,
  -- counts of stagings that were replaced after a load may have used them
  replaced_counts   bigint[] not null default '{}',
  -- who works on it: grows with each claim; owner is the key of the worker's advisory lock
  fence             integer not null default 0,
  owner             bigint,
  lease_until       timestamptz,
  loading           boolean not null default false,
  failures          integer not null default 0,
  first_failed_at   timestamptz,
  staged_at         timestamptz,
  loaded_at         timestamptz,
  primary key (account_id, id),
  foreign key (account_id, run_id) references run on delete cascade,
  -- reconciliation: nothing counts as loaded that was not staged, nothing as staged that was not in the source
  check (state <> 'loaded' or (source_rows = staged_rows and staged_rows = loaded_rows))
);
create unique index chunk_of_run on chunk (account_id, run_id, position);
create index chunk_open on chunk (destination_id, position) where state in ('pending', 'staged');

create table sync_error (
  account_id        bigint not null,
  id                text collate "C" not null,
  sync_id           text collate "C" not null,
  run_id            text collate "C" not null,
  code              text not null,
  remedy            text not null,
  summary           text not null,
  advice            text not null,
  external_message  text,
  details           json not null,
  occurrences       integer not null default 1,
  first_at          timestamptz not null,
  last_at           timestamptz not null,
  resolved_at       timestamptz,
  primary key (account_id, id),
  foreign key (account_id, sync_id) references sync on delete cascade
);
-- the same error again is counted, not listed again
create unique index sync_error_active on sync_error (account_id, sync_id, code) where resolved_at is null;
create index sync_error_of_sync on sync_error (account_id, sync_id, id);

create table timeline_entry (
  account_id        bigint not null references account on delete cascade,
  id                text collate "C" not null,
  destination_id    text collate "C" not null,
  sync_id           text collate "C",
  run_id            text collate "C",
  kind              text not null,
  at                timestamptz not null,
  actor             text not null,
  details           json not null,
  primary key (account_id, id)
);
create index timeline_of_destination on timeline_entry (account_id, destination_id, id);
