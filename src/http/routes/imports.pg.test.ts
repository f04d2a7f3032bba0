import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { beforeEach, expect, test } from 'vitest';
import { endpoints } from '../../contract/endpoints.ts';
import type { ImportedFile } from '../../contract/imports.ts';
import { restServer, type Tenant } from '../testing/rest-server.ts';

const server = restServer();
let tenant: Tenant;
beforeEach(async () => void (tenant = await server().newAccount('Shop')));

function upload(content: string, object: 'profiles' | 'events' = 'profiles'): Promise<ImportedFile> {
  const query = { object, fileName: 'people.csv' };
  return tenant.client.call(endpoints.uploadImport, { params: tenant.params, query, body: Readable.from([content]) });
}

const get = (id: string): Promise<ImportedFile> =>
  tenant.client.call(endpoints.getImport, { params: { ...tenant.params, import: id } });

/** Waits for the worker. */
async function settled(id: string): Promise<ImportedFile> {
  for (;;) {
    const now = await get(id);
    if (now.status !== 'in_progress') return now;
    await new Promise((wake) => setTimeout(wake, 50));
  }
}

test('a file is uploaded, imported, listed, and its skipped rows come back', async () => {
  const accepted = await upload('Email,Points\na@x.pl,1\nnowhere,2\n');
  expect(accepted).toMatchObject({ fileName: 'people.csv', source: 'api', bytes: 32, object: 'profiles' });
  expect(await settled(accepted.id)).toMatchObject({
    status: 'incomplete',
    progress: 100,
    rows: { created: 1, skipped: 1 },
  });
  const params = { ...tenant.params, import: accepted.id };
  const csv = await text(Readable.from(await tenant.client.call(endpoints.downloadSkipped, { params })));
  expect(csv).toBe(
    'Email,Points,Skipped row,Skipped column,Skipped reason\nnowhere,2,3,Email,This is not a valid e-mail address.\n',
  );
  const { data, next } = await tenant.client.call(endpoints.listImports, { params: tenant.params });
  expect(data.map(({ id }) => id)).toEqual([accepted.id]);
  expect(next).toBeNull();
});

test('an uncertain file waits, is reviewed, confirmed and remembered', async () => {
  const csv = 'Timestamp,Email,Total\n2024-01-01,a@x.pl,5\n';
  const { id } = await upload(csv, 'events');
  expect(await settled(id)).toMatchObject({ status: 'review' });
  const params = { ...tenant.params, import: id };
  const review = await tenant.client.call(endpoints.reviewImport, { params });
  expect(review.doubts.map(({ message }) => message)).toEqual([
    'No column holds the metric (MetricName); name one for the whole file.',
  ]);
  expect(review.preview).toEqual([
    { row: 2, cells: ['2024-01-01', 'a@x.pl', '5'], problem: 'The metric of the event is empty.' },
  ]);
  const confirm = (mapping: typeof review.mapping) =>
    tenant.client.call(endpoints.confirmImport, { params, body: { mapping } });
  await expect(confirm(review.mapping)).rejects.toMatchObject({ facts: { code: 'INVALID_INPUT' } });
  await confirm({ ...review.mapping, metric: 'Paid' });
  expect(await settled(id)).toMatchObject({ status: 'completed', rows: { created: 1 } });
  await expect(confirm({ ...review.mapping, metric: 'Paid' })).rejects.toMatchObject({ facts: { code: 'CONFLICT' } });
});

test('an import is cancelled once', async () => {
  const { id } = await upload('Timestamp,Email\n2024-01-01,a@x.pl\n', 'events');
  await settled(id);
  const params = { ...tenant.params, import: id };
  expect(await tenant.client.call(endpoints.cancelImport, { params })).toMatchObject({ status: 'incomplete' });
  await expect(tenant.client.call(endpoints.cancelImport, { params })).rejects.toMatchObject({
    facts: { code: 'CONFLICT' },
  });
});

test('a file that is too large, a body that is no file, and a foreign import are refused', async () => {
  await expect(upload(`Email\n${'x'.repeat(6_000_000)}`)).rejects.toMatchObject({ facts: { code: 'TOO_LARGE' } });
  const url = new URL(`/v1/accounts/${tenant.account.publicId}/imports?object=profiles`, server().origin);
  const headers = { authorization: `Bearer ${tenant.key}`, 'content-type': 'application/json' };
  const reply = await fetch(url, { method: 'POST', headers, body: '{}' });
  expect(reply.status).toBe(400);
  expect(await reply.text()).toContain('Content-Type: text/csv');
  const { id } = await upload('Email\na@x.pl\n');
  const other = await server().newAccount('Other');
  const foreign = other.client.call(endpoints.getImport, { params: { ...other.params, import: id } });
  await expect(foreign).rejects.toMatchObject({ facts: { code: 'NOT_FOUND' } });
});
