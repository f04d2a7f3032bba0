import { join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { warehouses, type DemoWarehouse } from '../../examples/demo/warehouses/warehouse.ts';
import type { DestinationKind } from '../../src/contract/destinations.ts';
import { endpoints } from '../../src/contract/endpoints.ts';
import { chromiumPath, picture, visit, type Visitor } from './chromium.ts';
import { connectAndSync, fillWizard, seed, setUp, shopOf, stage } from './walk.ts';

const seeded = { people: 10, events: 65, metrics: 2 };
const opened = new Map<string, DemoWarehouse>();

/** Each in a process of its own, speaking the vendor's protocol; the service is told where they are. */
async function openAll(parts: AsyncDisposableStack, folder: string): Promise<Record<string, string>> {
  const environment: Record<string, string> = {};
  for (const [kind, load] of warehouses) {
    const own = join(folder, kind);
    await mkdir(own);
    const warehouse = parts.use(await (await load()).open(own));
    opened.set(kind, warehouse);
    Object.assign(environment, warehouse.environment);
  }
  return environment;
}

describe.skipIf(chromiumPath === null)('the wizard (needs Chromium)', () => {
  const on = stage(openAll);
  let visitor: Visitor;
  let kinds: readonly DestinationKind[] = [];

  beforeAll(async () => {
    const { browser, service } = on();
    visitor = await visit(browser, service.url);
    await setUp(visitor.page, service);
    await seed(await shopOf(service), { 'Placed Order': 40, 'Viewed Product': 25 });
    kinds = (await service.client.call(endpoints.listDestinations, {})).data;
    await visitor.page.reload();
  });

  test.each([...warehouses.keys()])(
    'connects %s, whose tables then hold every row, and removes it',
    async (name) => {
      const { page, complaints } = visitor;
      const kind = kinds.find((one) => one.kind === name);
      const warehouse = opened.get(name);
      if (!kind || !warehouse) throw new Error(`${name} is not there`);
      await fillWizard(page, kind, warehouse.settings);
      await connectAndSync(page);
      expect(await countsIn(warehouse)).toEqual(seeded);

      await page.getByRole('button', { name: 'Manage' }).click();
      await page.getByRole('menuitem', { name: 'Test the connection' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: /^Test/ }).click();
      await dialog.getByText('Passed').nth(2).waitFor();
      expect(await dialog.getByText('Failed').count()).toBe(0);
      if (name === 'snowflake') await picture(page, 'test-connection');
      await page.getByRole('button', { name: 'Close' }).click();

      await page.getByRole('button', { name: 'Manage' }).click();
      await page.getByRole('menuitem', { name: 'Remove integration' }).click();
      await page.getByRole('button', { name: 'Remove', exact: true }).click();
      await page.getByRole('link', { name: 'Select a connector' }).waitFor();
      // our tables are the customer's
      expect(await countsIn(warehouse)).toEqual(seeded);
      expect(complaints).toEqual([]);
    },
    180_000,
  );
});

async function countsIn({ ask }: DemoWarehouse): Promise<Record<string, number>> {
  const count = async (table: string): Promise<number> =>
    Number((await ask(`SELECT count(*) AS n FROM ${table}`))[0]?.['n']);
  return {
    people: await count('klaviyo_profile'),
    events: await count('klaviyo_event'),
    metrics: await count('klaviyo_metric'),
  };
}
