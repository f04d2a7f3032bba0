import { chunksOf, eachOf, get, post, type ShopApi } from './api.ts';
import { eventBody, profileBody, type Purchase } from './purchases.ts';
import { count, progressBar } from './terminal.ts';

/** Customers by bulk import jobs of 10,000, purchases by bulk requests of 1,000, four at once. */
export async function loadPurchases(api: ShopApi, purchases: readonly Purchase[]): Promise<void> {
  const byCustomer = Map.groupBy(purchases, (purchase) => purchase.customer);
  await loadProfiles(api, byCustomer);
  await loadEvents(api, purchases);
}

async function loadProfiles(api: ShopApi, byCustomer: ReadonlyMap<string, readonly Purchase[]>): Promise<void> {
  const bar = progressBar('profiles');
  const started = Date.now();
  let done = 0;
  for (const customers of chunksOf([...byCustomer], 10_000)) {
    const profiles = customers.map(([customer, purchases]) => profileBody(customer, purchases));
    await importProfiles(api, profiles);
    done += customers.length;
    bar.show(Math.floor((100 * done) / byCustomer.size));
  }
  bar.end(`${count(done)} sent in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

/** Sends one import job and waits until it is complete. @throws when a profile was refused */
export async function importProfiles(api: ShopApi, profiles: readonly object[]): Promise<void> {
  const body = { data: { type: 'profile-bulk-import-job', attributes: { profiles: { data: profiles } } } };
  const job = (await post(api, '/api/profile-bulk-import-jobs', JSON.stringify(body))) as { data: { id: string } };
  for (;;) {
    const now = (await get(api, `/api/profile-bulk-import-jobs/${job.data.id}`)) as {
      data: { attributes: { status: string; failed_count: number } };
    };
    const { status, failed_count: refused } = now.data.attributes;
    if (refused > 0) throw new Error(`${refused} profiles were refused`);
    if (status === 'complete') return;
    await new Promise((done) => setTimeout(done, 100));
  }
}

async function loadEvents(api: ShopApi, purchases: readonly Purchase[]): Promise<void> {
  const bar = progressBar('Placed Order events');
  const started = Date.now();
  let done = 0;
  await eachOf(chunksOf(purchases, 1000), 4, async (chunk) => {
    await recordEvents(api, chunk.map(eventBody));
    done += chunk.length;
    bar.show(Math.floor((100 * done) / purchases.length));
  });
  bar.end(`${count(done)} sent in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

/** One bulk request of at most 1,000 events. */
export async function recordEvents(api: ShopApi, events: readonly string[]): Promise<void> {
  const body = `{"data":{"type":"event-bulk-create-job","attributes":{"events-bulk-create":{"data":[${events.join(',')}]}}}}`;
  await post(api, '/api/event-bulk-create-jobs', body);
}
