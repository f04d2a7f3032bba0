/** A tenant with something to sync. */
import { join } from 'node:path';
import { endpoints } from '../../contract/endpoints.ts';
import type { Sync } from '../../contract/syncs.ts';
import { toJsonText } from '../../kernel/json-text.ts';
import { recordEvents } from '../../store/event-writes.ts';
import type { RestServer, Tenant } from './rest-server.ts';

/** Records `count` orders of two people. */
export async function recordOrders(server: RestServer, tenant: Tenant, count: number, from = 0): Promise<void> {
  const orders = Array.from({ length: count }, (_, i) => ({
    metric: { name: 'Placed Order', integration: 'Shopify' },
    profile: { email: `customer${i % 2}@example.com` },
    datetime: new Date(Date.UTC(2026, 0, 1, 0, 0, from + i)),
    uniqueId: `order-${from + i}`,
    properties: toJsonText({ i }),
  }));
  await recordEvents(server.db, tenant.account.id, orders);
}

export function warehouseFile(server: RestServer, tenant: Tenant): string {
  return join(server.folder, `${tenant.account.publicId}.duckdb`);
}

/** Connects a DuckDB file and resolves when both historical syncs have completed. */
export async function connectWarehouse(server: RestServer, tenant: Tenant): Promise<void> {
  await tenant.client.call(endpoints.connect, {
    params: tenant.params,
    body: {
      kind: 'duckdb',
      settings: { path: warehouseFile(server, tenant) },
      selection: { objects: ['profiles', 'events'] },
    },
  });
  await syncsUntil(tenant, (syncs) =>
    syncs.filter((sync) => sync.kind === 'historical').every((sync) => sync.status === 'completed'),
  );
}

/** The syncs as the live stream shows them, once they look as wished. */
export async function syncsUntil(
  tenant: Tenant,
  wished: (syncs: Sync[]) => boolean | Promise<boolean>,
): Promise<Sync[]> {
  const stop = new AbortController();
  try {
    const stream = tenant.client.lines(endpoints.watchSyncs, { params: tenant.params, signal: stop.signal });
    for await (const { data } of stream) if (await wished(data)) return data;
    throw new Error('the stream ended');
  } finally {
    stop.abort();
  }
}
