-- People who sign in. The four tables of sign-in are written by better-auth, under our names.
create table person (
  id             text collate "C" primary key,
  name           text not null,
  email          text not null unique,
  email_verified boolean not null default false,
  image          text,
  -- of the web app: null follows the browser
  language       text check (language in ('en', 'pl')),
  theme          text check (theme in ('light', 'dark')),
  created_at     timestamptz not null default now(),
  updated_at     timestamptz not null default now()
);

create table person_session (
  id         text collate "C" primary key,
  person_id  text collate "C" not null references person on delete cascade,
  token      text not null unique,
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index person_session_person on person_session (person_id);

create table person_credential (
  id                       text collate "C" primary key,
  person_id                text collate "C" not null references person on delete cascade,
  provider_id              text not null,
  provider_account_id      text not null,
  -- scrypt
  password                 text,
  access_token             text,
  refresh_token            text,
  id_token                 text,
  access_token_expires_at  timestamptz,
  refresh_token_expires_at timestamptz,
  scope                    text,
  created_at               timestamptz not null default now(),
  updated_at               timestamptz not null default now()
);
create index person_credential_person on person_credential (person_id);

create table person_verification (
  id         text collate "C" primary key,
  identifier text not null,
  value      text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index person_verification_identifier on person_verification (identifier);

create table sign_in_rate (
  id           text collate "C" primary key,
  key          text not null unique,
  count        integer not null,
  last_request bigint not null
);

-- Who may do what in which account.
create table membership (
  account_id bigint not null references account on delete cascade,
  person_id  text collate "C" not null references person on delete cascade,
  role       text not null check (role in ('owner', 'admin', 'manager', 'analyst')),
  created_at timestamptz not null default now(),
  primary key (account_id, person_id)
);
create index membership_person on membership (person_id);

-- The link an invited person opens holds a token; only its hash is kept.
create table invitation (
  account_id  bigint not null references account on delete cascade,
  id          text collate "C" not null,
  email       text not null,
  role        text not null check (role in ('owner', 'admin', 'manager', 'analyst')),
  token_hash  bytea not null unique,
  invited_by  text not null,
  created_at  timestamptz not null,
  expires_at  timestamptz not null,
  accepted_at timestamptz,
  revoked_at  timestamptz,
  primary key (account_id, id)
);

create table audit_entry (
  account_id bigint not null references account on delete cascade,
  id         text collate "C" not null,
  at         timestamptz not null,
  -- `person:<id>`, `key:<id>` or `operator`
  actor      text not null,
  actor_name text not null,
  action     text not null,
  -- what it was done to, in words
  subject    text,
  details    jsonb,
  ip_address text,
  primary key (account_id, id)
);
