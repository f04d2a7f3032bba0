-- Ids of secret keys that are gone for good. A process that still has one in memory must not seal with it what nobody could open.
create table retired_key (
  id         text collate "C" primary key,
  retired_at timestamptz not null default now()
);

-- The argument names the column that is sealed: `v1.<key id>.<...>`. Whoever retires a key locks these tables first.
create function refuse_retired_key() returns trigger language plpgsql as $$
declare key_id text := split_part(to_jsonb(new) ->> tg_argv[0], '.', 2);
begin
  if exists (select from retired_key where id = key_id) then
    raise exception 'the secret key % was rotated out; this process has to read the keys again', key_id;
  end if;
  return new;
end $$;

create trigger retired_key before insert or update of secrets on destination
  for each row execute function refuse_retired_key('secrets');
create trigger retired_key before insert or update of private_key on ssh_host_key
  for each row execute function refuse_retired_key('private_key');
create trigger retired_key before insert or update of sealed on alert_address
  for each row execute function refuse_retired_key('sealed');
