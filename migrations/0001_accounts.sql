-- An account is one tenant and owns everything else; every other table's key starts with account_id.
create table account (
  id           bigint generated always as identity primary key,
  public_id    text not null unique check (public_id ~ '^[A-Za-z0-9]{6}$'),
  name         text not null check (name <> ''),
  time_zone    text not null default 'UTC',
  currency     text not null default 'USD' check (currency ~ '^[A-Z]{3}$'),
  locale       text not null default 'en-US',
  plan         text not null default 'advanced' check (plan in ('basic', 'advanced')),
  created_at   timestamptz not null default now()
);

-- Private keys are kept only as SHA-256: a key is 32 random characters, so a slow hash would add nothing.
create table api_key (
  account_id   bigint not null references account on delete cascade,
  id           text collate "C" not null,
  name         text not null,
  hash         bytea not null unique,
  hint         text not null,
  created_at   timestamptz not null default now(),
  last_used_at timestamptz,
  revoked_at   timestamptz,
  primary key (account_id, id)
);

-- The account's last change number. Each write transaction locks its row first and holds it until commit,
-- so numbers become visible in order and without gaps.
create table change_counter (
  account_id   bigint primary key references account on delete cascade,
  last_number  bigint not null default 0 check (last_number >= 0),
  -- the moment of the newest change; a clock set back must not date a change before an earlier one
  last_time    timestamptz not null default '-infinity'
) with (fillfactor = 10);
