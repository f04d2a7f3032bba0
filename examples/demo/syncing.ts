import type { Client } from '../../src/contract/client.ts';
import { endpoints } from '../../src/contract/endpoints.ts';
import type { Run, RunDetails } from '../../src/contract/history.ts';
import type { Sync } from '../../src/contract/syncs.ts';
import { count, progressBar, table } from './terminal.ts';

export interface Shop {
  readonly client: Client;
  readonly account: string;
}

const moment = (): Promise<void> => new Promise((done) => setTimeout(done, 100));

/** Shows a bar for each sync of the kind until its newest run after `since` has ended. @throws when one fails */
export async function watch(shop: Shop, kind: Sync['kind'], since: number): Promise<void> {
  const { data } = await shop.client.call(endpoints.listSyncs, { params: { account: shop.account } });
  for (const { id, object } of data.filter((sync) => sync.kind === kind)) {
    const bar = progressBar(`${kind} ${object}`);
    for (;;) {
      const sync = await shop.client.call(endpoints.getSync, { params: { account: shop.account, sync: id } });
      if (sync.status === 'failed' || sync.status === 'error') throw new Error(await firstError(shop));
      bar.show(sync.progress ?? 0);
      const run = await newestRun(shop, id);
      if (run?.endedAt && Date.parse(run.endedAt) >= since) {
        bar.end(`${count(run.rows)} rows in ${seconds(run)}`);
        break;
      }
      await moment();
    }
  }
}

/** Starts the periodic syncs at once instead of at the next hour, and waits for them. */
export async function syncNow(shop: Shop): Promise<void> {
  const since = Date.now();
  const { data } = await shop.client.call(endpoints.listSyncs, { params: { account: shop.account } });
  for (const sync of data.filter((candidate) => candidate.kind === 'periodic')) {
    await shop.client.call(endpoints.syncNow, { params: { account: shop.account, sync: sync.id } });
  }
  await watch(shop, 'periodic', since);
}

/** Source = staged = loaded for each table of the newest run of each sync of the kind. @throws when they differ */
export async function reconcile(shop: Shop, kind: Sync['kind']): Promise<void> {
  const { data } = await shop.client.call(endpoints.listSyncs, { params: { account: shop.account } });
  const details: RunDetails[] = [];
  for (const sync of data.filter((candidate) => candidate.kind === kind)) {
    const run = await newestRun(shop, sync.id);
    if (run) details.push(await shop.client.call(endpoints.getRun, { params: { account: shop.account, run: run.id } }));
  }
  const rows = details.flatMap((run) => run.tables);
  table(
    ['table', 'source', 'staged', 'loaded'],
    rows.map((row) => [row.table, row.source, row.staged, row.loaded]),
  );
  const wrong = rows.find((row) => row.source !== row.staged || row.staged !== row.loaded);
  if (wrong) throw new Error(`${wrong.table}: the counts differ`);
}

async function newestRun(shop: Shop, sync: string): Promise<Run | undefined> {
  const { data } = await shop.client.call(endpoints.listRuns, {
    params: { account: shop.account },
    query: { sync, size: 1 },
  });
  return data[0];
}

async function firstError(shop: Shop): Promise<string> {
  const { data } = await shop.client.call(endpoints.listErrors, {
    params: { account: shop.account },
    query: { size: 1 },
  });
  const error = data[0];
  return error ? `${error.summary} ${error.advice} (${error.code}: ${error.externalMessage ?? ''})` : 'the sync failed';
}

function seconds(run: Run): string {
  if (!run.startedAt || !run.endedAt) return '';
  return `${((Date.parse(run.endedAt) - Date.parse(run.startedAt)) / 1000).toFixed(1)} s`;
}
