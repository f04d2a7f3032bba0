-- Public keys that may upload over SFTP for an account.
create table ssh_key (
  account_id   bigint not null references account on delete cascade,
  id           text collate "C" not null,
  title        text not null,
  -- who the key belongs to; shown as "imported by"
  owner        text not null,
  type         text not null,
  -- the key itself, as RFC 4253 writes it, and its SHA-256
  blob         bytea not null,
  fingerprint  bytea not null,
  -- files of this key may change consent
  may_consent  boolean not null,
  created_at   timestamptz not null default now(),
  last_used_at timestamptz,
  primary key (account_id, id),
  unique (account_id, fingerprint)
);

-- One identity for all SFTP servers of the installation: belongs to no account.
create table ssh_host_key (
  type        text primary key,
  -- one line, as in known_hosts after the host: type and base64
  public_key  text not null,
  private_key text not null,
  created_at  timestamptz not null default now()
);

-- SFTP servers that run, and the address to give to people: belongs to no account.
create table sftp_server (
  machine text collate "C" primary key,
  host    text not null,
  port    integer not null,
  seen_at timestamptz not null
);

-- What lies in the folders of an account. The bytes are in a file of this id on the disk of one machine until they are imported.
create table sftp_upload (
  account_id  bigint not null references account on delete cascade,
  id          text collate "C" not null,
  folder      text not null check (folder in ('profiles', 'events')),
  name        text collate "C" not null,
  -- partial: being written, or left unfinished · closed: whole; imported at due_at when its name is one to import
  -- taken: being handed over, its bytes final · imported: listed only
  state       text not null check (state in ('partial', 'closed', 'taken', 'imported')),
  machine     text collate "C" not null,
  bytes       bigint not null default 0 check (bytes >= 0),
  -- which of its bytes were written: [[from, to), ...]
  ranges      json not null default '[]',
  -- shown to clients, who may set it
  modified_at timestamptz not null,
  written_at  timestamptz not null,
  due_at      timestamptz,
  -- who wrote last
  key_id      text collate "C" not null,
  owner       text not null,
  may_consent boolean not null,
  import_id   text collate "C",
  primary key (account_id, id),
  unique (account_id, folder, name)
);
create index sftp_upload_due on sftp_upload (machine, due_at) where due_at is not null;
create index sftp_upload_age on sftp_upload (written_at);
