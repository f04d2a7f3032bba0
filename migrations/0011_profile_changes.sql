-- Where each profile's newest change stands: one narrow row a profile. Apart from `profile`, so that a change of a person
-- whose identifiers stay touches no index of that table: the new version goes into the same page (HOT).
drop index profile_change, profile_updated;
create table profile_change (
  account_id    bigint not null,
  change_number bigint not null,
  updated       timestamptz not null,
  profile_id    text collate "C" not null,
  primary key (account_id, change_number)
);
insert into profile_change select account_id, change_number, updated, id from profile order by account_id, change_number;
create index profile_change_updated on profile_change (account_id, updated);
-- Room in each page for the next version of every row: a file often changes all rows of a page at once.
alter table profile set (fillfactor = 50);
