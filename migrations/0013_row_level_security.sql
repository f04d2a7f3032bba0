-- Accounts are kept apart a second time, by the database: whoever is not the owner of these tables sees and changes only rows of
-- the account that its connection is set to, and none without that setting. The API's requests come as such a role.
-- A migration that makes a table with account_id calls this for it.
create function keep_accounts_apart(target regclass, key name default 'account_id') returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', target);
  -- current_setting is stable, so that it is read once a statement and indexes led by the account serve as before
  execute format('create policy own_account on %s using (%I = current_setting(''wharf.account_id'', true)::bigint)', target, key);
end $$;

select keep_accounts_apart('account', 'id');
select keep_accounts_apart(format('%I', table_name)::regclass)
from information_schema.columns join information_schema.tables using (table_schema, table_name)
where table_schema = current_schema() and table_type = 'BASE TABLE' and column_name = 'account_id'
  -- partitions are reached through their table only
  and not exists (select from pg_inherits where inhrelid = format('%I', table_name)::regclass)
order by table_name;

-- of the people who sign in, an account sees its own members
alter table person enable row level security;
create policy own_account on person using (exists (select from membership where membership.person_id = person.id));
