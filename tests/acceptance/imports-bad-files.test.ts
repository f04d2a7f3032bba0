import { expect, test } from 'vitest';
import { importRig } from '../../src/imports/testing/import-rig.ts';
import { badFiles, type BadFile, type Outcome } from './imports/bad-files.ts';

const rig = importRig();

test('there are a hundred of them at least, and no two of one name', () => {
  expect(badFiles.length).toBeGreaterThanOrEqual(100);
  expect(new Set(badFiles.map(({ name }) => name)).size).toBe(badFiles.length);
});

test.each(badFiles)('$object: $name', async ({ object, content, mayConsent = true, outcome }: BadFile) => {
  const account = await rig().newAccount();
  const ended = await rig().run(account, object, content(), { mayConsent });
  const stored = object === 'profiles' ? await rig().profiles(account) : await rig().events(account);
  const skipped = await skippedRows(account, ended.id);
  const words = [ended.trouble?.message, ...ended.remarks.map(({ message }) => message)].filter(Boolean).join('\n');
  expect({ status: ended.status, stored: stored.length, created: ended.rows.created, skipped, words }).toEqual(
    expected(outcome),
  );
  expect(ended.rows.skipped).toBe(skipped.length);
  expect(ended.trouble?.advice).not.toBe('');
});

const like = (pattern: RegExp): unknown => expect.stringMatching(pattern);

function expected(outcome: Outcome): Record<string, unknown> {
  const nothing = { stored: 0, created: 0, skipped: [] };
  if ('failed' in outcome) return { ...nothing, status: 'failed', words: like(outcome.failed) };
  if ('review' in outcome) return { ...nothing, status: 'review', words: like(outcome.review) };
  const rows = { stored: outcome.imported, created: outcome.imported };
  if ('skipped' in outcome) {
    const skipped = outcome.skipped.map(([row, column, reason]) => [row, column, like(reason)]);
    return { ...rows, status: 'incomplete', skipped, words: like(/^/) };
  }
  return { ...rows, status: 'completed', skipped: [], words: like(outcome.remark ?? /^$/) };
}

/** Row, column and reason of each, as the download tells them in its last three columns. */
async function skippedRows(account: number, importId: string): Promise<[number, string, string][]> {
  const { rows } = await rig().db.query<{ rows: string }>(
    'select rows from import_skipped where account_id = $1 and import_id = $2 order by first_row',
    [account, importId],
  );
  const entries = rows.flatMap((batch) => JSON.parse(batch.rows) as [number, number, number, string | null, string][]);
  const download = await rig().skipped(account, importId);
  for (const [row, , , column, reason] of entries) {
    expect(download).toContain(`${row}`);
    expect(download.replaceAll('""', '"')).toContain(reason);
    expect(download).toContain(column ?? '');
  }
  return entries.map(([row, , , column, reason]) => [row, column ?? '', reason]);
}
