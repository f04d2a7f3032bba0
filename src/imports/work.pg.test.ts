/** What may happen to an import while it works, and after. */
import { utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { systemClock, type Clock } from '../kernel/clock.ts';
import { keepHouse } from './housekeeping.ts';
import { importHandler } from './run.ts';
import { importRig } from './testing/import-rig.ts';

const rig = importRig();
let account: number;
beforeEach(async () => void (account = await rig().newAccount()));

const day = 86_400_000;
const later = (ms: number): Clock => ({ ...systemClock, now: () => new Date(Date.now() + ms) });
const people = (count: number): string =>
  `Email,Number\n${Array.from({ length: count }, (_, n) => `p${n}@x.pl,${n}\n`).join('')}`;

/** A worker that acts when it has looked at the clock so often: once at the start of a check, and once in each batch. */
function worker(looks: number, act: () => void): { run(importId: string): Promise<void> } {
  let left = looks;
  const clock: Clock = {
    ...systemClock,
    now() {
      if (--left === 0) act();
      return new Date();
    },
  };
  const stop = new AbortController();
  const handler = importHandler({ ...rig().deps, clock });
  return { run: (importId) => handler({ accountId: account, importId }, stop.signal) };
}

test('two workers at once: every row is done by one of them', async () => {
  const id = await rig().accept(account, 'profiles', people(12_000));
  const both = [rig().work(account, id), rig().work(account, id)];
  await Promise.all(both);
  expect(await rig().imports.get(account, id)).toMatchObject({ status: 'completed', rows: { created: 12_000 } });
  expect(await rig().profiles(account)).toHaveLength(12_000);
});

test('cancelled in the middle: whole batches are in, and nothing goes on', async () => {
  const id = await rig().accept(account, 'profiles', people(17_000));
  const cancelled = Promise.withResolvers<unknown>();
  await worker(3, () => cancelled.resolve(rig().imports.cancel(account, id, 'Ann'))).run(id);
  await cancelled.promise;
  const ended = await rig().work(account, id);
  expect(ended).toMatchObject({ status: 'incomplete', trouble: { message: 'Cancelled by Ann.' } });
  expect(ended.rows.created).toBeLessThan(17_000);
  expect(ended.rows.created % 5_000).toBe(0);
  expect(await rig().profiles(account)).toHaveLength(ended.rows.created);
});

/** People for whom the newest of their events is not the one that their profile says. */
async function wronglyDated(): Promise<number> {
  const { rows } = await rig().db.query<{ n: number }>(
    `select count(*) as n from profile p where account_id = $1 and last_event_date is distinct from
       (select max(datetime) from event e where e.account_id = p.account_id and e.profile_id = p.id)`,
    [account],
  );
  return rows[0]?.n ?? -1;
}

const visits = (count: number): string => {
  const lines = Array.from({ length: count }, (_, n) => `p${n % 700}@x.pl,Seen,${1_700_000_000 + n},u${n}\n`);
  return `Email,MetricName,Timestamp,UniqueID\n${lines.join('')}`;
};

test('people know of their newest event when an import of events is over', async () => {
  const done = await rig().run(account, 'events', visits(12_000));
  expect(done).toMatchObject({ status: 'completed', rows: { created: 12_000 } });
  expect(await wronglyDated()).toBe(0);
});

test('also when it is cancelled in the middle, by its worker or without one', async () => {
  const id = await rig().accept(account, 'events', visits(17_000));
  const cancelled = Promise.withResolvers<unknown>();
  await worker(3, () => cancelled.resolve(rig().imports.cancel(account, id, 'Ann'))).run(id);
  await cancelled.promise;
  await rig().work(account, id);
  expect(await wronglyDated()).toBe(0);

  account = await rig().newAccount();
  const other = await rig().accept(account, 'events', visits(17_000));
  const fail = (): void => {
    throw new Error('the machine is gone');
  };
  await expect(worker(4, fail).run(other)).rejects.toThrow('the machine is gone');
  await rig().imports.cancel(account, other, 'Ann');
  expect(await wronglyDated()).toBe(700);
  await keepHouse(rig().deps);
  expect(await wronglyDated()).toBe(0);
});

test('a failure in the middle is tried again from the row where it was', async () => {
  const id = await rig().accept(account, 'profiles', people(12_000));
  const fail = (): void => {
    throw new Error('a passing trouble');
  };
  await expect(worker(3, fail).run(id)).rejects.toThrow('a passing trouble');
  expect(await rig().imports.get(account, id)).toMatchObject({ status: 'in_progress', rows: { created: 5_000 } });
  expect(await rig().work(account, id)).toMatchObject({ status: 'completed', rows: { created: 12_000, unchanged: 0 } });
});

test('what fails again and again is given up, and says so', async () => {
  const id = await rig().accept(account, 'profiles', people(10));
  const fail = (): void => {
    throw new Error('no passing trouble');
  };
  for (let attempt = 1; attempt < 12; attempt++) await expect(worker(1, fail).run(id)).rejects.toThrow('no passing');
  await worker(1, fail).run(id);
  expect(await rig().imports.get(account, id)).toMatchObject({ status: 'failed', rows: { created: 0 } });
});

test('the same upload handed over twice is one import', async () => {
  const bytes = Buffer.from(people(3));
  const { imports, folder } = rig();
  const path = join(folder, 'same.csv');
  await writeFile(path, bytes);
  const upload = { accountId: account, object: 'profiles', fileName: 'same.csv', path, bytes: bytes.length } as const;
  const given = { ...upload, source: 'sftp', by: 'Ann', mayConsent: false } as const;
  const ids = await Promise.all([1, 2, 3].map(() => imports.accept('one upload', given)));
  expect(new Set(ids.map(({ importId }) => importId)).size).toBe(1);
  expect((await imports.list(account, { size: 10 })).items).toHaveLength(1);
});

test('after its time the file is removed, and the import stays in the list', async () => {
  const done = await rig().run(account, 'profiles', 'Email\na@x.pl\nnowhere\n');
  await keepHouse({ ...rig().deps, clock: later(29 * day) });
  expect(await rig().imports.get(account, done.id)).toMatchObject({ fileKept: true });
  await keepHouse({ ...rig().deps, clock: later(31 * day) });
  expect(await rig().imports.get(account, done.id)).toMatchObject({
    fileKept: false,
    rows: { created: 1, skipped: 1 },
  });
  await expect(rig().skipped(account, done.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  const { rows } = await rig().db.query('select from import_skipped where account_id = $1', [account]);
  expect(rows).toHaveLength(0);
});

test('a review that nobody looks at ends; an import that stands still is given to a worker again', async () => {
  const waiting = await rig().run(account, 'profiles', 'Name\nAnn\n');
  expect(waiting.status).toBe('review');
  const still = await rig().accept(account, 'profiles', people(5));
  const jobs = async (): Promise<number> => {
    const { rows } = await rig().db.query<{ n: number }>(
      `select count(*) as n from pgboss.job where name = 'imports.run' and data ->> 'importId' = $1`,
      [still],
    );
    return rows[0]?.n ?? 0;
  };
  expect(await jobs()).toBe(1);
  await keepHouse({ ...rig().deps, clock: later(20 * 60_000) });
  expect(await jobs()).toBe(2);
  await keepHouse({ ...rig().deps, clock: later(31 * day) });
  expect(await rig().imports.get(account, waiting.id)).toMatchObject({
    status: 'failed',
    trouble: { message: 'Nobody confirmed the columns in time.' },
  });
});

test('files of uploads that were never noted are swept, others are not', async () => {
  const { files, folder } = rig();
  await writeFile(join(folder, 'orphan'), 'Email\n');
  await files.keep('9-orphan.csv', join(folder, 'orphan'));
  const longAgo = new Date(Date.now() - 2 * day);
  await utimes(join(folder, 'files', '9-orphan.csv'), longAgo, longAgo);
  const id = await rig().accept(account, 'profiles', people(2));
  await keepHouse(rig().deps);
  const names: string[] = [];
  for await (const name of files.list(new Date(Date.now() + day))) names.push(name);
  expect(names).not.toContain('9-orphan.csv');
  expect(await rig().work(account, id)).toMatchObject({ status: 'completed' });
});

test('no account sees, confirms or cancels the import of another', async () => {
  const waiting = await rig().run(account, 'profiles', 'Name\nAnn\n');
  const stranger = await rig().newAccount();
  const { imports } = rig();
  const signal = new AbortController().signal;
  const notFound = { code: 'NOT_FOUND' };
  await expect(imports.get(stranger, waiting.id)).rejects.toMatchObject(notFound);
  await expect(imports.review(stranger, waiting.id, signal)).rejects.toMatchObject(notFound);
  await expect(imports.cancel(stranger, waiting.id, 'Eve')).rejects.toMatchObject(notFound);
  await expect(imports.skipped(stranger, waiting.id, signal)).rejects.toMatchObject(notFound);
  expect((await imports.list(stranger, { size: 10 })).items).toEqual([]);
  expect(await imports.get(account, waiting.id)).toMatchObject({ status: 'review' });
});
