import { expect, test } from 'vitest';
import { endpoints } from '../../contract/endpoints.ts';
import { addEntry } from '../../exports/timeline.ts';
import { addAuditEntry } from '../../people/audit.ts';
import { addMember } from '../../people/members.ts';
import { restServer } from '../testing/rest-server.ts';
import { connectWarehouse, recordOrders, syncsUntil } from '../testing/shop.ts';

const server = restServer();

test('the timeline names who acted: a person, also one who left, a key, or what there is instead', async () => {
  const shop = await server().newAccount('Names');
  const { client, params } = shop;
  const { db } = server();
  await connectWarehouse(server(), shop);
  const { connection } = await client.call(endpoints.getConnection, { params });
  await db.query(`insert into person (id, name, email) values ('ola', 'Ola Nowak', 'ola@shop.example')`);
  await addMember(db, shop.account.id, 'ola', 'admin');
  const former = { actor: 'person:jan', actorName: 'Jan', action: 'pauseSync', subject: null, address: null };
  await addAuditEntry(db, shop.account.id, { ...former, at: new Date() });
  const entry = {
    accountId: shop.account.id,
    destinationId: connection?.id ?? '',
    kind: 'paused',
    at: new Date(),
  } as const;
  for (const actor of ['person:ola', 'person:jan', 'person:gone', 'operator']) {
    await db.transaction((tx) => addEntry(tx, { ...entry, actor }));
  }
  const { data } = await client.call(endpoints.listTimeline, { params, query: { size: 100 } });
  const names = new Map(data.map(({ actor, actorName }) => [actor, actorName]));
  expect(names).toEqual(
    new Map([
      ['operator', 'operator'],
      ['person:gone', 'person:gone'],
      ['person:jan', 'Jan'],
      ['person:ola', 'Ola Nowak'],
      ['system', 'system'],
      [`key:${shop.keyId}`, 'test'],
    ]),
  );
});

test("a periodic run tells how old its oldest change can have been, and the account's pace is measured", async () => {
  const shop = await server().newAccount('Fresh');
  const { client, params } = shop;
  const body = { selection: { objects: ['events' as const] } };
  await recordOrders(server(), shop, 1500);
  expect(await client.call(endpoints.estimate, { params, body })).toMatchObject({ seconds: 1, measured: false });
  await connectWarehouse(server(), shop);
  expect(await client.call(endpoints.estimate, { params, body })).toMatchObject({ measured: true });

  const sync = (await client.call(endpoints.listSyncs, { params })).data.find(
    ({ object, kind }) => object === 'events' && kind === 'periodic',
  );
  const query = { sync: sync?.id ?? '' };
  const periodicRuns = async () => (await client.call(endpoints.listRuns, { params, query })).data;
  const ended = async (count: number) =>
    syncsUntil(
      shop,
      async () => (await periodicRuns()).filter(({ status }) => status === 'succeeded').length === count,
    );
  await recordOrders(server(), shop, 5, 2000);
  await client.call(endpoints.syncNow, { params: { ...params, sync: query.sync } });
  await ended(1);
  await recordOrders(server(), shop, 5, 3000);
  await client.call(endpoints.syncNow, { params: { ...params, sync: query.sync } });
  await ended(2);
  await client.call(endpoints.syncNow, { params: { ...params, sync: query.sync } });
  await ended(3);

  const [third, second, first] = await periodicRuns();
  expect(first?.freshnessSeconds).toBeNull();
  const took = Date.parse(second?.endedAt ?? '') - Date.parse(first?.createdAt ?? '');
  expect(second).toMatchObject({ rows: 5, freshnessSeconds: Math.round(took / 1000) });
  expect(third).toMatchObject({ rows: 0, freshnessSeconds: 0 });
});
