-- A sync that was paused by hand when its connection was switched off is paused again when it is switched on.
alter table sync add column held boolean not null default false;
