import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { restServer, type Tenant } from '../http/testing/rest-server.ts';
import { connectWarehouse, recordOrders, warehouseFile } from '../http/testing/shop.ts';

const server = restServer();

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The real program, as npm starts it, with nothing in its environment but what is given. */
async function wharf(args: readonly string[], env: Record<string, string>, input = ''): Promise<Ended> {
  const program = join(import.meta.dirname, '../../scripts/wharf.js');
  const child = spawn(process.execPath, [program, ...args], { env: { WHARF_URL: server().origin, ...env } });
  child.stdin.end(input);
  const ended = new Promise<number | null>((done) => child.once('close', done));
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, out, err };
}

const as = (tenant: Tenant, ...args: string[]): Promise<Ended> => wharf(args, { WHARF_TOKEN: tenant.key });

test('beside the service the operator token is found; an account and its key are made, the key shown once', async () => {
  const data = join(server().folder, 'data');
  await mkdir(data, { recursive: true });
  await writeFile(join(data, 'operator-token'), `${server().operatorToken}\n`, { mode: 0o600 });
  const operator = (...args: string[]) => wharf(args, { WHARF_DATA: data });

  const created = await operator('accounts', 'create', 'My shop', '--currency', 'PLN', '--json');
  expect(created).toMatchObject({ code: 0, err: '' });
  const account = JSON.parse(created.out) as { id: string };
  expect((await operator('accounts', 'list')).out).toMatch(
    new RegExp(`^${account.id} +My shop +UTC +PLN +advanced`, 'm'),
  );
  expect((await operator('accounts', 'set-plan', account.id, 'basic')).out).toMatch(/^Plan +basic$/m);
  expect((await operator('accounts', 'set-plan', account.id, 'golden')).code).toBe(2);

  const key = await operator('keys', 'create', 'laptop', '--account', account.id);
  expect(key.out).toMatch(/^pk_[0-9a-f]{34}\n$/);
  expect(key.err).toContain('not shown again');
  const listed = await operator('keys', 'list', '--account', account.id);
  expect(listed.out).not.toContain(key.out.trim());

  const { data: keys } = JSON.parse((await operator('keys', 'list', '--account', account.id, '--json')).out) as {
    data: { id: string }[];
  };
  const revoked = await operator('keys', 'revoke', keys[0]?.id ?? '', '--account', account.id);
  expect(revoked.code).toBe(0);
  expect(await wharf(['sync', 'list'], { WHARF_TOKEN: key.out.trim() })).toMatchObject({ code: 4, out: '' });
});

test('the operator with several accounts is asked to choose one', async () => {
  await server().newAccount('One');
  await server().newAccount('Two');
  const ended = await wharf(['sync', 'list'], { WHARF_TOKEN: server().operatorToken });
  expect(ended.code).toBe(2);
  expect(ended.err).toContain('Choose one with --account');
});

test('kinds, their fields and the set-up script', async () => {
  const shop = await server().newAccount('Kinds');
  expect((await as(shop, 'destinations', 'list')).out).toMatch(/^duckdb +DuckDB \(local\)/m);
  expect((await as(shop, 'destinations', 'show', 'duckdb')).out).toMatch(/^path +yes +no/m);
  const script = await as(shop, 'setup', 'duckdb', '--set', 'path=/data/shop.duckdb');
  expect(script.code).toBe(0);
  expect(script.out.length).toBeGreaterThan(0);
  expect(script.err.length).toBeGreaterThan(0);
  expect(await as(shop, 'setup', 'oracle')).toMatchObject({ code: 2, out: '' });
});

test('a connection is tested step by step, connected, watched to its end, shown and removed', async () => {
  const shop = await server().newAccount('Shop');
  await recordOrders(server(), shop, 12);
  const path = `path=${warehouseFile(server(), shop)}`;

  const tested = await as(shop, 'connection', 'test', 'duckdb', '--set', path);
  expect(tested).toMatchObject({ code: 0, err: '' });
  expect(tested.out.trim().split('\n').at(-1)).toBe('The connection works.');
  expect(tested.out).toMatch(/^ok /);

  const connected = await as(shop, 'connection', 'connect', 'duckdb', '--set', path, '--name', 'Mine', '--watch');
  expect(connected).toMatchObject({ code: 0, err: '' });
  expect(connected.out).toMatch(/^events\/historical .*100 % Completed$/m);
  expect(connected.out).toMatch(/^profiles\/historical .*100 % Completed$/m);

  expect((await as(shop, 'connection', 'show')).out).toMatch(/^Name +Mine$/m);
  const edited = await as(shop, 'connection', 'edit', '--history', '90d', '--json');
  expect(JSON.parse(edited.out)).toMatchObject({ name: 'Mine', selection: { history: '90d' } });
  expect(await as(shop, 'connection', 'remove')).toMatchObject({ code: 2, out: '' });
  expect((await as(shop, 'connection', 'remove', '--yes')).out).toContain('still there');
  expect(JSON.parse((await as(shop, 'connection', 'show', '--json')).out)).toEqual({ connection: null });
});

test('a failing check is told in plain words, in text and as JSON lines, with its own exit code', async () => {
  const shop = await server().newAccount('Shop');
  const test = ['connection', 'test', 'duckdb', '--set', 'path=/no/such/folder/x.duckdb'];
  const told = await as(shop, ...test);
  expect(told.code).toBe(7);
  expect(told.out).toMatch(/^FAILED/m);
  expect(told.out).toContain('What to do: ');
  const lines = (await as(shop, ...test, '--json')).out.trim().split('\n');
  const steps = lines.map((line) => JSON.parse(line) as { outcome: string; error?: { advice: string } });
  expect(steps.find((step) => step.outcome === 'failed')?.error?.advice).toBeTruthy();
});

test('syncs are listed, paused, resumed and run; runs, timeline and errors are shown', async () => {
  const shop = await server().newAccount('Shop');
  await recordOrders(server(), shop, 7);
  await connectWarehouse(server(), shop);

  expect((await as(shop, 'sync', 'list')).out).toMatch(/^events\/historical +Completed/m);
  expect(JSON.parse((await as(shop, 'sync', 'pause', 'profiles/periodic', '--json')).out)).toMatchObject({
    status: 'paused',
  });
  const now = await as(shop, 'sync', 'now', 'profiles/periodic');
  expect([now.code, now.out]).toEqual([6, '']);
  expect(now.err).toMatch(/^Error: .+\nWhat to do: .+/);
  expect((await as(shop, 'sync', 'resume', 'profiles/periodic')).code).toBe(0);
  expect(await as(shop, 'sync', 'now', 'events/periodic', '--watch')).toMatchObject({ code: 0, err: '' });
  expect(await as(shop, 'sync', 'status', 'orders/daily')).toMatchObject({ code: 2, out: '' });

  const { data } = JSON.parse((await as(shop, 'runs', 'list', '--sync', 'events/historical', '--json')).out) as {
    data: { id: string }[];
  };
  const shown = await as(shop, 'runs', 'show', data[0]?.id ?? '');
  expect(shown.out).toMatch(/^klaviyo_event +7 +7 +7 /m);
  expect((await as(shop, 'runs', 'show', 'no-such-run')).code).toBe(5);
  expect((await as(shop, 'timeline')).out).toContain('run-succeeded');
  const page = await as(shop, 'timeline', '--size', '1');
  expect(page.out).toMatch(/^More: --cursor \S+$/m);
  expect((await as(shop, 'errors', 'list', '--active')).out).toBe('There are no errors.\n');
}, 240_000);

test('an error is shown with summary, code, external message, date and what to do', async () => {
  const shop = await server().newAccount('Shop');
  await recordOrders(server(), shop, 1);
  const file = warehouseFile(server(), shop);
  await writeFile(file, 'this is no database'.repeat(1000));
  const connect = ['connection', 'connect', 'duckdb', '--settings', '-', '--watch'];
  const ended = await wharf(connect, { WHARF_TOKEN: shop.key }, JSON.stringify({ path: file }));
  expect(ended.code).toBe(7);
  const { data } = JSON.parse((await as(shop, 'errors', 'list', '--active', '--json')).out) as {
    data: { id: string; code: string }[];
  };
  expect(data[0]?.code).toBe('FILE_CORRUPT');
  const shown = (await as(shop, 'errors', 'show', data[0]?.id ?? '')).out;
  for (const name of ['Summary', 'Code', 'External message', 'Last (UTC)', 'What to do']) {
    expect(shown).toMatch(new RegExp(`^${name.replace(/[()]/g, '\\$&')} +\\S`, 'm'));
  }
});
