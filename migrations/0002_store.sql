-- Profiles, metrics, events: what the account knows. change_number is the number of the row's newest change.
create table integration (
  account_id   bigint not null references account on delete cascade,
  id           text collate "C" not null,
  name         text not null,
  category     text not null default 'API',
  created      timestamptz not null,
  primary key (account_id, id),
  unique (account_id, name)
);

create table metric (
  account_id     bigint not null,
  id             text collate "C" not null,
  integration_id text collate "C" not null,
  name           text not null,
  created        timestamptz not null,
  updated        timestamptz not null,
  change_number  bigint not null,
  primary key (account_id, id),
  unique (account_id, integration_id, name),
  foreign key (account_id, integration_id) references integration
);
create unique index metric_change on metric (account_id, change_number);

create table profile (
  account_id           bigint not null references account on delete cascade,
  change_number        bigint not null,
  created              timestamptz not null,
  updated              timestamptz not null,
  last_event_date      timestamptz,
  id                   text collate "C" not null,
  email                text collate "C",
  phone_number         text collate "C",
  external_id          text collate "C",
  anonymous_id         text collate "C",
  first_name           text,
  last_name            text,
  organization         text,
  title                text,
  locale               text,
  image                text,
  -- JSON as text: the customer's numbers, key order and escapes stay as they came. The door has checked it;
  -- the json type would check it again at every write, which costs a third of an event's insert.
  location             text,
  properties           text not null default '{}',
  subscriptions        text,
  predictive_analytics text,
  -- what the door replaced (NUL, lone surrogates): [{"path": "...", "change": "..."}]
  door_notes           text,
  primary key (account_id, id)
);
create unique index profile_email on profile (account_id, email) where email is not null;
create unique index profile_phone_number on profile (account_id, phone_number) where phone_number is not null;
create unique index profile_external_id on profile (account_id, external_id) where external_id is not null;
create unique index profile_anonymous_id on profile (account_id, anonymous_id) where anonymous_id is not null;
create unique index profile_change on profile (account_id, change_number);
create index profile_updated on profile (account_id, updated);

create table event (
  account_id    bigint not null,
  change_number bigint not null,
  datetime      timestamptz not null,
  received_at   timestamptz not null,
  id            uuid not null,
  profile_id    text collate "C" not null,
  metric_id     text collate "C" not null,
  unique_id     text collate "C" not null,
  -- JSON as text, as in profile
  properties    text not null,
  door_notes    text,
  primary key (account_id, datetime, id)
) partition by range (datetime);
create index event_change on event (account_id, change_number);
create index event_profile on event (account_id, profile_id, datetime);
create index event_metric on event (account_id, metric_id, datetime);

-- One partition a year. The API admits 1990 to a year ahead; the function is called at every start.
create function ensure_event_partitions(last_year integer) returns void language plpgsql as $$
begin
  for y in 1990..last_year loop
    if to_regclass(format('event_%s', y)) is null then
      execute format('create table event_%s partition of event for values from (%L) to (%L)',
                     y, format('%s-01-01T00:00:00Z', y), format('%s-01-01T00:00:00Z', y + 1));
    end if;
  end loop;
end $$;
select ensure_event_partitions(extract(year from now())::integer + 2);

-- Which events exist, whatever their time: one row per (profile, metric, unique_id).
create table event_key (
  account_id bigint not null,
  key        uuid not null,
  primary key (account_id, key)
);

create function event_key_of(profile_id text, metric_id text, unique_id text) returns uuid
  language sql immutable strict parallel safe
  return encode(substr(sha256(convert_to(profile_id || E'\x01' || metric_id || E'\x01' || unique_id, 'UTF8')), 1, 16), 'hex')::uuid;

-- What is no more: deleted people and their events, and profiles merged into another.
create table tombstone (
  account_id    bigint not null references account on delete cascade,
  change_number bigint not null,
  table_name    text not null check (table_name in ('profile', 'event')),
  id            text collate "C" not null,
  reason        text not null check (reason in ('deleted', 'merged', 'duplicate')),
  merged_into   text collate "C" check ((merged_into is not null) = (reason = 'merged')),
  created_at    timestamptz not null,
  primary key (account_id, change_number)
);
create index tombstone_id on tombstone (account_id, table_name, id);
