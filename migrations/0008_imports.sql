-- Imported CSV files: what they are, how their columns are understood, how far they are, what became of their rows.
create table import (
  account_id     bigint not null references account on delete cascade,
  id             text collate "C" not null,
  -- names the upload, so that handing the same one over again changes nothing
  upload_id      text collate "C" not null,
  object         text not null check (object in ('profiles', 'events')),
  file_name      text not null,
  -- where the bytes are kept; null once they are removed
  stored_name    text collate "C",
  bytes          bigint not null check (bytes >= 0),
  source         text not null check (source in ('sftp', 'browser', 'api')),
  imported_by    text not null,
  may_consent    boolean not null,
  status         text not null check (status in ('checking', 'review', 'in_progress', 'completed', 'incomplete', 'failed')),
  created_at     timestamptz not null,
  started_at     timestamptz,
  ended_at       timestamptz,
  -- when anything of this row last changed: an open import that stands still is given to a worker again
  touched_at     timestamptz not null,
  -- how the file is written (delimiter, line breaks, headers, where rows begin)
  layout         json,
  -- of the object and the headers: a mapping is remembered under it
  header_key     text collate "C",
  mapping        json,
  -- what a person should see in review or afterwards: [{"row", "column", "message"}]
  remarks        json not null default '[]',
  -- the next row to do and the byte it begins at; row 1 is the header
  next_row       bigint not null default 0,
  next_offset    bigint not null default 0,
  created_rows   bigint not null default 0,
  updated_rows   bigint not null default 0,
  unchanged_rows bigint not null default 0,
  skipped_rows   bigint not null default 0,
  -- {"message", "advice"}: why it failed, or what it waits for
  trouble        json,
  -- failures in a row without a row done
  failures       integer not null default 0,
  primary key (account_id, id),
  unique (account_id, upload_id)
);
create index import_open on import (touched_at) where status in ('checking', 'in_progress');
create index import_stored on import (stored_name) where stored_name is not null;

-- Rows that were not imported, one entry a batch, written with the batch: [[row, offset, bytes, column, reason], ...].
-- Their cells are read from the file when somebody asks.
create table import_skipped (
  account_id bigint not null,
  import_id  text collate "C" not null,
  first_row  bigint not null,
  rows       text not null,
  primary key (account_id, import_id, first_row),
  foreign key (account_id, import_id) references import on delete cascade
);

-- Mappings that a person confirmed, for the next file with the same headers.
create table import_mapping (
  account_id bigint not null references account on delete cascade,
  header_key text collate "C" not null,
  mapping    json not null,
  saved_at   timestamptz not null,
  primary key (account_id, header_key)
);
