-- Alerts: where they go, what there was to tell, and what became of each delivery.
create table alert_address (
  account_id bigint not null references account on delete cascade,
  id         text collate "C" not null,
  channel    text not null check (channel in ('email', 'webhook')),
  -- as people see it: the e-mail address, or enough of the URL to recognise it
  name       text not null,
  -- of a webhook, sealed: {"url", "secret"}; a URL may be a credential in itself
  sealed     text,
  topics     text[] not null,
  -- e-mail is written in it
  language   text not null check (language in ('en', 'pl')),
  created_at timestamptz not null,
  primary key (account_id, id),
  check ((channel = 'webhook') = (sealed is not null))
);

create table alert (
  account_id bigint not null references account on delete cascade,
  id         text collate "C" not null,
  type       text not null,
  -- of the occurrence: however often and by however many it is found, there is one alert
  dedupe_key text collate "C" not null,
  at         timestamptz not null,
  -- what it tells, as it was at that time
  facts      json not null,
  primary key (account_id, id),
  unique (account_id, dedupe_key)
);
create index alert_age on alert (at);

create table alert_delivery (
  account_id      bigint not null,
  alert_id        text collate "C" not null,
  address_id      text collate "C" not null,
  status          text not null check (status in ('pending', 'delivered', 'refused')),
  attempts        integer not null default 0,
  -- pending: when a job for it is made (again); a job that was lost is replaced at that time, too
  next_at         timestamptz not null,
  last_attempt_at timestamptz,
  -- of the last attempt, in words
  answer          text,
  primary key (account_id, alert_id, address_id),
  foreign key (account_id, alert_id) references alert on delete cascade,
  foreign key (account_id, address_id) references alert_address on delete cascade
);
create index alert_delivery_due on alert_delivery (next_at) where status = 'pending';
create index alert_delivery_of_address on alert_delivery (account_id, address_id, alert_id);

-- alerts are looked for every few seconds: only among the entries and imports that can be the cause of one
create index timeline_alerting on timeline_entry (at)
  where kind in ('run-failed', 'credentials-expire-soon', 'credentials-expired');
create index timeline_success on timeline_entry (account_id, sync_id, at) where kind in ('recovered', 'run-succeeded');
create index import_alerting on import (ended_at) where status in ('failed', 'incomplete');
create index sync_error_open on sync_error (first_at) where resolved_at is null;
