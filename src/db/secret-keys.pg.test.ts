import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seal, unseal, type SealingKeys } from '../kernel/sealed.ts';
import { finishRotation, openSealingKeys, rotateKeys, rotation, type SecretSource } from './secret-keys.ts';
import { testDatabase } from './testing/test-database.ts';

const database = testDatabase();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wharf-keys-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Installation {
  readonly file: string;
  readonly source: SecretSource;
  /** As stored for the account. */
  store(keys: SealingKeys, plain: string): Promise<number>;
  /** Every stored secret, opened with the keys the file holds now. */
  opened(): Promise<string[]>;
}

/** An empty store of accounts, a key file of its own, and one secret of each kind. */
async function install(): Promise<Installation> {
  const file = join(await mkdtemp(join(folder, 'one-')), 'secret-key');
  const source = { file, older: [] };
  const db = database();
  await db.query('truncate account, ssh_host_key, retired_key cascade');
  const store = async (keys: SealingKeys, plain: string): Promise<number> => {
    const { rows } = await db.query<{ id: number }>(
      `insert into account (public_id, name) select substr(md5(random()::text), 1, 6), 'Shop' returning id`,
    );
    const id = rows[0]?.id ?? 0;
    await db.query(
      `insert into destination (account_id, id, kind, name, settings, secrets, selection, created_at)
       values ($1, 'd', 'duckdb', 'D', '{}', $2, '{}', now())`,
      [id, seal(keys, plain, `account:${id}:destination`)],
    );
    await db.query(
      `insert into alert_address (account_id, id, channel, name, sealed, topics, language, created_at)
       values ($1, 'a', 'webhook', 'W', $2, '{}', 'en', now())`,
      [id, seal(keys, `${plain} alert`, `account ${id} alert address a`)],
    );
    return id;
  };
  const keys = await openSealingKeys(source);
  await store(keys, 'one');
  await store(keys, 'two');
  await db.query('insert into ssh_host_key (type, public_key, private_key) values ($1, $2, $3)', [
    'ed',
    'public',
    seal(keys, 'host', 'ssh host key ed'),
  ]);
  return { file, source, store, opened: async () => openAll(await openSealingKeys(source)) };
}

async function openAll(keys: SealingKeys): Promise<string[]> {
  const { rows } = await database().query<{ sealed: string; context: string }>(
    `select secrets as sealed, 'account:' || account_id || ':destination' as context from destination
     union all select sealed, 'account ' || account_id || ' alert address ' || id from alert_address
     union all select private_key, 'ssh host key ' || type from ssh_host_key`,
  );
  return rows.map(({ sealed, context }) => unseal(keys, sealed, context)).sort();
}

const all = ['host', 'one', 'one alert', 'two', 'two alert'];
const linesOf = async (file: string): Promise<string[]> => (await readFile(file, 'utf8')).trim().split('\n');

test('a rotation leaves one new key, with which all secrets are sealed', async () => {
  const { file, source, opened } = await install();
  const [before] = await linesOf(file);
  const keys = await openSealingKeys(source);
  const old = keys[0].id;
  expect(await rotateKeys(database(), source)).toEqual({ resealed: 5, retired: [old] });
  const after = await linesOf(file);
  expect(after).toHaveLength(1);
  expect(after).not.toContain(before);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await opened()).toEqual(all);
  // a process that has run all the time
  expect(await openAll(keys)).toEqual(all);
});

test('cut off between any two steps, everything opens, then and after the next start', async () => {
  let cuts = 0;
  for (let whole = false; !whole; cuts++) {
    const { file, source, opened } = await install();
    const old = (await openSealingKeys(source))[0].id;
    const steps = rotation(database(), source);
    whole = true;
    for (let step = 0; step <= cuts; step++) whole = (await steps.next()).done ?? false;
    await steps.return();
    expect(await opened()).toEqual(all);
    await finishRotation(database(), source);
    expect(await opened()).toEqual(all);
    expect(await linesOf(file)).toHaveLength(1);
    expect((await openSealingKeys(source))[0].id).not.toBe(old);
  }
  // key, five values, retired, dropped, and the end
  expect(cuts).toBe(9);
});

test('what is sealed with an old key meanwhile is found, afterwards it is refused', async () => {
  const { source, store, opened } = await install();
  // reads no file again: a process that stands still in the worst place
  const stale: SealingKeys = [(await openSealingKeys(source))[0]];
  const steps = rotation(database(), source);
  for (let values = 0; values <= 5; values++) await steps.next();
  await store(stale, 'late');
  for await (const step of steps) expect(step.resealed).toBeGreaterThan(5);
  expect(await opened()).toEqual([...all, 'late', 'late alert'].sort());
  await expect(store(stale, 'too late')).rejects.toThrow('was rotated out');
  expect(await opened()).toEqual([...all, 'late', 'late alert'].sort());
});

test('a secret that is being stored while the key is retired is waited for', async () => {
  const { source, opened } = await install();
  const stale: SealingKeys = [(await openSealingKeys(source))[0]];
  const { promise: stored, resolve: store } = Promise.withResolvers<void>();
  const { promise: held, resolve: hold } = Promise.withResolvers<void>();
  const writing = database().transaction(async (tx) => {
    const sealed = seal(stale, 'new host', 'ssh host key new');
    await tx.query(`insert into ssh_host_key (type, public_key, private_key) values ('new', 'public', $1)`, [sealed]);
    hold();
    await stored;
  });
  await held;
  const rotating = rotateKeys(database(), source);
  await untilWaiting();
  store();
  await Promise.all([writing, rotating]);
  expect(await opened()).toEqual([...all, 'new host'].sort());
  expect((await database().query('select from retired_key')).count).toBe(1);
});

async function untilWaiting(): Promise<void> {
  for (;;) {
    const { count } = await database().query(
      `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
    );
    if (count > 0) return;
  }
}

test('of rotations that begin together one comes after the other, each with a new key', async () => {
  const { source, file, opened } = await install();
  const [before] = await linesOf(file);
  const done = await Promise.all([rotateKeys(database(), source), rotateKeys(database(), source)]);
  expect(new Set(done.flatMap(({ retired }) => retired)).size).toBe(2);
  expect(await linesOf(file)).toHaveLength(1);
  expect(await linesOf(file)).not.toContain(before);
  expect(await finishRotation(database(), source)).toBeNull();
  expect(await opened()).toEqual(all);
});

test('from the settings into a file: what the settings still name is opened, and replaced by a rotation', async () => {
  const { file, opened } = await install();
  const [named = ''] = await linesOf(file);
  await rm(file);
  const source = { file, older: [named] };
  expect(await openAll(await openSealingKeys(source))).toEqual(all);
  expect(await finishRotation(database(), source)).toBeNull();
  expect(await rotateKeys(database(), source)).toMatchObject({ resealed: 5 });
  expect(await opened()).toEqual(all);
});

test('keys of the settings: the older ones are replaced, and can be used again by whoever sets them', async () => {
  const { file } = await install();
  const [first = ''] = await linesOf(file);
  const second = 'a second secret that is long enough';
  await expect(rotateKeys(database(), { newest: first, older: [] })).rejects.toMatchObject({ code: 'CONFLICT' });
  const both = { newest: second, older: [first] };
  expect(await finishRotation(database(), both)).toBeNull();
  expect(await rotateKeys(database(), both)).toMatchObject({ resealed: 5 });
  expect(await openAll(await openSealingKeys({ newest: second, older: [] }))).toEqual(all);
  const back = { newest: first, older: [second] };
  await finishRotation(database(), back);
  expect(await rotateKeys(database(), back)).toMatchObject({ resealed: 5 });
});

test('a rotation that cannot open a value stops and keeps every key', async () => {
  const { source, file, store } = await install();
  const foreign = await openSealingKeys({ newest: 'a key that was lost long ago, and is gone', older: [] });
  const lost = await store(foreign, 'lost');
  await rotateKeys(database(), source);
  await database().query(`update destination set secrets = $2 where account_id = $1`, [
    lost,
    `v1.${(await openSealingKeys(source))[0].id}.AAAA.AAAA`,
  ]);
  await expect(rotateKeys(database(), source)).rejects.toMatchObject({ code: 'SETTINGS_INVALID' });
  expect(await linesOf(file)).toHaveLength(2);
});

test('an empty file is refused rather than filled', async () => {
  const file = join(folder, 'empty');
  await writeFile(file, '\n');
  await expect(openSealingKeys({ file, older: [] })).rejects.toThrow('is empty');
  expect(await readFile(file, 'utf8')).toBe('\n');
});

test('every place where sealed values are stored has the guard, and takes part', async () => {
  const { rows } = await database().query<{ place: string }>(
    `select event_object_table || '.' || event_object_column as place from information_schema.triggered_update_columns
     where trigger_name = 'retired_key' order by 1`,
  );
  expect(rows.map(({ place }) => place)).toEqual([
    'alert_address.sealed',
    'destination.secrets',
    'ssh_host_key.private_key',
  ]);
});
