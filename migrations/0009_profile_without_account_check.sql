-- To look the account up again for each row was a third of a profile's insert. A profile is only ever written under the
-- account's lock, which there is none of without the account; events and metrics do without such a check as well.
alter table profile drop constraint profile_account_id_fkey;
