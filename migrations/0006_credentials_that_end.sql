-- When the credentials of a connection end, where they tell, and when the customer was last warned of it.
alter table destination add column credentials_expire_at timestamptz;
alter table destination add column credentials_warned_at timestamptz;
create index destination_credentials on destination (credentials_expire_at)
  where credentials_expire_at is not null and removed_at is null;
