import { expect, test } from 'vitest';
import { testDatabase } from '../db/testing/test-database.ts';
import { createLogger } from '../kernel/logger.ts';
import { warnOfCredentials } from './credentials.ts';
import { connect, everything, newAccount, startEngine, until, type Engine } from './testing/engine.ts';
import { MemoryWarehouse } from './testing/memory-warehouse.ts';

const database = testDatabase();
const dayMs = 86_400_000;
const silent = createLogger('silent');

async function engineOf(started = false): Promise<Engine> {
  return startEngine({ db: database(), destination: new MemoryWarehouse().destination, started });
}

async function connectUntil(engine: Engine, accountId: number, end: Date): Promise<void> {
  const settings = { place: 'here', password: `until ${end.toISOString()}` };
  await engine.exports.connections.connect(
    accountId,
    { kind: 'memory', name: 'Memory', settings, selection: everything },
    'ola',
  );
}

async function entries(engine: Engine, accountId: number): Promise<string[]> {
  const { items } = await engine.exports.timeline.list(accountId, { size: 100 });
  return items.map(({ kind }) => kind).filter((kind) => kind.startsWith('credentials-'));
}

test('each threshold is told of once, by whichever process comes first, and the end itself is', async () => {
  await using engine = await engineOf();
  const accountId = await newAccount(database());
  const end = new Date(Math.ceil(engine.clock.now().getTime() / 1000) * 1000 + 100 * dayMs);
  await connectUntil(engine, accountId, end);
  const at = async (daysBefore: number): Promise<number> => {
    const now = new Date(end.getTime() - daysBefore * dayMs);
    const counts = await Promise.all([1, 2, 3].map(() => warnOfCredentials(database(), silent, now)));
    return counts.reduce((sum, count) => sum + count, 0);
  };
  const told: number[] = [];
  for (const days of [15, 14, 13.9, 4, 3, 2, 1.1, 1, 0.5, 0.1, 0, -1, -100]) told.push(await at(days));
  expect(told).toEqual([0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0]);
  expect(await entries(engine, accountId)).toEqual([
    'credentials-expired',
    ...Array.from({ length: 3 }, () => 'credentials-expire-soon'),
  ]);
});

test('whoever comes late is told once, of where things stand; new credentials begin anew', async () => {
  await using engine = await engineOf();
  const accountId = await newAccount(database());
  const end = new Date('2031-05-10T00:00:00Z');
  await connectUntil(engine, accountId, end);
  const later = (days: number): Date => new Date(end.getTime() + days * dayMs);
  expect(await warnOfCredentials(database(), silent, later(1))).toBe(1);

  const { connections } = engine.exports;
  const again = { place: 'here', note: 'the same credentials' };
  const { version } = await connections.editSettings(accountId, 1, again, 'ola');
  expect(await warnOfCredentials(database(), silent, later(2))).toBe(0);
  const renewed = { place: 'here', password: `until ${later(20).toISOString()}` };
  const edited = await connections.editSettings(accountId, version, renewed, 'ola');
  expect(edited.credentialsExpireAt).toEqual(later(20));
  expect(await warnOfCredentials(database(), silent, later(2))).toBe(0);
  expect(await warnOfCredentials(database(), silent, later(8))).toBe(1);
  expect(await entries(engine, accountId)).toEqual(['credentials-expire-soon', 'credentials-expired']);
});

test('a connection that is off or removed is not warned of, one that tells no end never', async () => {
  await using engine = await engineOf();
  const [off, removed, silentOne] = [
    await newAccount(database()),
    await newAccount(database()),
    await newAccount(database()),
  ];
  const end = new Date('2031-05-10T00:00:00Z');
  const { connections } = engine.exports;
  for (const accountId of [off, removed]) await connectUntil(engine, accountId, end);
  await connect(engine, silentOne);
  await connections.setEnabled(off, false, 'ola');
  await connections.remove(removed, 'ola');
  expect(await warnOfCredentials(database(), silent, end)).toBe(0);
  await connections.setEnabled(off, true, 'ola');
  expect(await warnOfCredentials(database(), silent, end)).toBe(1);
  expect((await connections.get(silentOne))?.credentialsExpireAt).toBeNull();
});

test('the connection shows the end, warns from 14 days before, and the scheduler tells log and timeline', async () => {
  await using engine = await engineOf(true);
  const accountId = await newAccount(database());
  const end = new Date(engine.clock.now().getTime() + 10 * dayMs);
  await connectUntil(engine, accountId, end);
  const connection = await engine.exports.connections.get(accountId);
  expect(connection).toMatchObject({ credentialsExpireAt: end, warnings: [{ code: 'CREDENTIALS_EXPIRE_SOON' }] });
  engine.clock.forward(3_600_000);
  await until(
    () => entries(engine, accountId),
    (found) => found.length === 1,
  );
  const line = engine.logged.map((text) => JSON.parse(text) as Record<string, unknown>);
  expect(line.filter(({ msg }) => msg === 'export.credentials.ending')).toMatchObject([
    { account: accountId, expireAt: end.toISOString() },
  ]);
  expect(engine.logged.join()).not.toContain('until 20');
});
