import { get, post, type ShopApi } from './api.ts';
import { importProfiles, recordEvents } from './load.ts';
import type { Purchase } from './purchases.ts';
import { count } from './terminal.ts';

export interface Changes {
  readonly eventsAdded: number;
  readonly profilesLeft: number;
}

/** Loyal customers get a tier, some orders are refunded, and two profiles turn out to be one person. */
export async function changeSomeData(api: ShopApi, purchases: readonly Purchase[]): Promise<Changes> {
  const byCustomer = Map.groupBy(purchases, (purchase) => purchase.customer);
  const loyal = [...byCustomer].filter(([, orders]) => orders.length >= 10).map(([customer]) => customer);
  await importProfiles(
    api,
    loyal.map((customer) => ({ type: 'profile', attributes: { external_id: customer, properties: { tier: 'gold' } } })),
  );
  console.log(`  ${count(loyal.length)} customers with ten or more orders become gold members`);

  const refunds = purchases.slice(-250);
  await recordEvents(api, refunds.map(refundBody));
  console.log(`  ${count(refunds.length)} orders are refunded`);

  const [kept, gone] = await idsOf(api, '00001', '00002');
  await post(
    api,
    '/api/profile-merge',
    JSON.stringify({
      data: { type: 'profile-merge', id: kept, relationships: { profiles: { data: [{ type: 'profile', id: gone }] } } },
    }),
  );
  console.log('  customers 00001 and 00002 turn out to be one person and are merged');
  return { eventsAdded: refunds.length, profilesLeft: byCustomer.size - 1 };
}

function refundBody(purchase: Purchase): string {
  return (
    `{"type":"event-bulk-create","attributes":{"profile":{"data":{"type":"profile","attributes":{"external_id":"${purchase.customer}"}}},` +
    `"events":{"data":[{"type":"event","attributes":{"metric":{"data":{"type":"metric","attributes":{"name":"Refunded Order"}}},` +
    `"time":"1998-07-01T00:00:00Z","value":${purchase.amount},"unique_id":"refund-${purchase.line}","properties":{}}}]}}}`
  );
}

async function idsOf(api: ShopApi, ...externalIds: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const externalId of externalIds) {
    const filter = encodeURIComponent(`equals(external_id,"${externalId}")`);
    const page = (await get(api, `/api/profiles?filter=${filter}`)) as { data: { id: string }[] };
    const [profile] = page.data;
    if (!profile) throw new Error(`customer ${externalId} is not there`);
    ids.push(profile.id);
  }
  return ids;
}
