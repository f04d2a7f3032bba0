import { expect, test } from 'vitest';
import { testDatabase } from '../db/testing/test-database.ts';
import { toJsonText } from '../kernel/json-text.ts';
import { createAccount, findAccount, listAccounts, setAccountPlan } from './accounts.ts';
import { authenticate, createApiKey, listApiKeys, revokeApiKey } from './api-keys.ts';
import { recordEvents } from './event-writes.ts';
import { getMetric, listIntegrations, listMetrics } from './metrics.ts';
import { deleteProfiles, mergeProfiles, updateProfile, upsertProfiles } from './profile-writes.ts';

const database = testDatabase();

async function dump(accountId: number): Promise<unknown> {
  const { rows } = await database().query(
    `select (select json_agg(p order by id) from profile p where account_id = $1) as profiles,
            (select json_agg(e order by id) from event e where account_id = $1) as events,
            (select json_agg(k order by key) from event_key k where account_id = $1) as keys,
            (select json_agg(m order by id) from metric m where account_id = $1) as metrics,
            (select json_agg(t order by change_number) from tombstone t where account_id = $1) as tombstones,
            (select last_number from change_counter where account_id = $1) as last`,
    [accountId],
  );
  return rows[0];
}

async function shop(): Promise<{ id: number; ada: string; bo: string }> {
  const { id } = await createAccount(database(), { name: 'Shop' });
  const outcomes = await upsertProfiles(
    database(),
    id,
    [{ email: 'ada@x.co', externalId: 'x1' }, { email: 'bo@x.co' }],
    { onExisting: 'fail' },
  );
  const [ada, bo] = outcomes.map((one) => ('id' in one ? one.id : ''));
  await recordEvents(database(), id, [
    {
      metric: { name: 'Seen' },
      profile: { email: 'ada@x.co' },
      datetime: new Date(0),
      uniqueId: 'old',
      properties: toJsonText({}),
    },
    {
      metric: { name: 'Seen' },
      profile: { email: 'ada@x.co' },
      datetime: new Date(1.7e12),
      uniqueId: 'u',
      properties: toJsonText({}),
    },
  ]);
  return { id, ada: ada ?? '', bo: bo ?? '' };
}

test('nothing done in one account touches another, not even with its ids', async () => {
  const [mine, theirs] = [await shop(), await shop()];
  const before = await dump(theirs.id);
  const db = database();

  expect(await updateProfile(db, mine.id, theirs.ada, { firstName: 'Eve' })).toMatchObject({
    problem: { code: 'not-found' },
  });
  await expect(mergeProfiles(db, mine.id, mine.ada, [theirs.ada])).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(mergeProfiles(db, mine.id, theirs.ada, [mine.ada])).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(await deleteProfiles(db, mine.id, { id: theirs.ada })).toBe(0);
  const event = {
    metric: { name: 'Seen' },
    profile: { id: theirs.ada },
    datetime: new Date(),
    properties: toJsonText({}),
  };
  expect(await recordEvents(db, mine.id, [event])).toMatchObject({
    recorded: 0,
    problems: [{ index: 0, code: 'not-found' }],
  });

  await mergeProfiles(db, mine.id, mine.bo, [mine.ada]);
  expect(await deleteProfiles(db, mine.id, { email: 'ADA@x.co' })).toBe(0);
  expect(await deleteProfiles(db, mine.id, { id: mine.ada })).toBe(1);
  const [metric] = await listMetrics(db, theirs.id, { size: 10 });
  expect(await getMetric(db, mine.id, metric?.id ?? '')).toBeNull();
  expect(await dump(theirs.id)).toEqual(before);
});

test('an id merged away leads to the survivor, also over two merges', async () => {
  const { id, ada, bo } = await shop();
  const [last] = await upsertProfiles(database(), id, [{ email: 'cy@x.co' }], { onExisting: 'fail' });
  const cy = last && 'id' in last ? last.id : '';
  await mergeProfiles(database(), id, bo, [ada]);
  await mergeProfiles(database(), id, cy, [bo]);
  expect(await updateProfile(database(), id, ada, { firstName: 'Cy' })).toMatchObject({ id: cy });
  const { rows } = await database().query(
    'select id, email, external_id, first_name from profile where account_id = $1',
    [id],
  );
  expect(rows).toEqual([{ id: cy, email: 'cy@x.co', external_id: 'x1', first_name: 'Cy' }]);
  await expect(mergeProfiles(database(), id, cy, [cy])).rejects.toMatchObject({ code: 'INVALID_INPUT' });
});

test('a create of someone who exists names them; a taken identifier refuses an update and is left out of an event', async () => {
  const { id, ada, bo } = await shop();
  const create = await upsertProfiles(database(), id, [{ email: 'Ada@x.co' }], { onExisting: 'fail' });
  expect(create).toMatchObject([{ problem: { code: 'conflict', path: 'email', duplicateId: ada } }]);
  expect(await updateProfile(database(), id, bo, { email: 'ada@x.co', firstName: 'B' })).toMatchObject({
    problem: { code: 'conflict', duplicateId: ada },
  });
  const event = {
    metric: { name: 'Seen' },
    profile: { externalId: 'x1', email: 'bo@x.co' },
    datetime: new Date(),
    properties: toJsonText({}),
  };
  expect(await recordEvents(database(), id, [event])).toMatchObject({ recorded: 1, problems: [] });
  const { rows } = await database().query(
    'select id, email, first_name from profile where account_id = $1 order by email',
    [id],
  );
  expect(rows).toEqual([
    { id: ada, email: 'ada@x.co', first_name: null },
    { id: bo, email: 'bo@x.co', first_name: null },
  ]);
});

test('keys open their own account, are kept as a hash, and can be revoked', async () => {
  const [mine, theirs] = [await shop(), await shop()];
  const { id, key, hint } = await createApiKey(database(), mine.id, 'Loader');
  expect(key).toMatch(/^pk_[0-9a-f]{34}$/);
  expect(hint).toBe(key.slice(-4));
  expect(await authenticate(database(), key)).toEqual({ accountId: mine.id, keyId: id });
  const used = (await listApiKeys(database(), mine.id))[0]?.lastUsedAt;
  expect(used).toBeInstanceOf(Date);
  await authenticate(database(), key);
  expect((await listApiKeys(database(), mine.id))[0]?.lastUsedAt).toEqual(used);
  expect(await authenticate(database(), `${key.slice(0, -1)}g`)).toBeNull();
  expect(await authenticate(database(), `pk_${'0'.repeat(34)}`)).toBeNull();
  const { rows } = await database().query<{ text: string }>('select api_key::text as text from api_key', []);
  expect(rows.map((row) => row.text).join('\n')).not.toContain(key);
  expect(await listApiKeys(database(), theirs.id)).toEqual([]);
  await expect(revokeApiKey(database(), theirs.id, id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await revokeApiKey(database(), mine.id, id);
  expect(await authenticate(database(), key)).toBeNull();
});

test('accounts are found by public id and refuse what is not valid', async () => {
  const account = await createAccount(database(), {
    name: ' Kawa ',
    timeZone: 'Europe/Warsaw',
    currency: 'PLN',
    publicId: 'AbC123',
  });
  expect(account).toMatchObject({ name: 'Kawa', timeZone: 'Europe/Warsaw', currency: 'PLN', plan: 'advanced' });
  expect(await findAccount(database(), 'AbC123')).toEqual(account);
  expect((await setAccountPlan(database(), account.id, 'basic')).plan).toBe('basic');
  expect((await listAccounts(database())).at(-1)?.id).toBe(account.id);
  await expect(createAccount(database(), { name: 'Other', publicId: 'AbC123' })).rejects.toMatchObject({
    code: 'CONFLICT',
  });
  await expect(createAccount(database(), { name: '', timeZone: 'Mars/Base' })).rejects.toThrow(/name .*timeZone/);
});

test('metrics belong to integrations and are made once', async () => {
  const { id } = await createAccount(database(), { name: 'Shop' });
  const event = (name: string, integration?: string) => ({
    metric: { name, integration },
    profile: { email: 'a@x.co' },
    datetime: new Date(),
    properties: toJsonText({}),
  });
  await recordEvents(database(), id, [
    event('Order'),
    event('Order', 'Shopify'),
    event('View', 'Shopify'),
    event('Order'),
  ]);
  await recordEvents(database(), id, [event('View', 'Shopify')]);
  const metrics = await listMetrics(database(), id, { size: 10 });
  expect(metrics.map((metric) => `${metric.integration.name} ${metric.name}`).sort()).toEqual([
    'API Order',
    'Shopify Order',
    'Shopify View',
  ]);
  expect((await listMetrics(database(), id, { size: 10, integrationName: 'API' })).length).toBe(1);
  expect((await listMetrics(database(), id, { size: 10, after: metrics[0]?.id ?? '' })).length).toBe(2);
  expect((await listIntegrations(database(), id)).map((one) => one.name)).toEqual(['API', 'Shopify']);
});
