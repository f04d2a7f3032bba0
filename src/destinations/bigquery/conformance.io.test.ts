import { afterAll, beforeAll } from 'vitest';
import { createDestinations } from '../registry.ts';
import { tables } from '../tables.ts';
import { conformance } from '../testing/conformance.ts';
import type { Rig } from '../testing/rig.ts';
import { readTable } from './testing/reader.ts';
import { startTestDouble, type TestDouble } from './testing/test-double.ts';

let double: TestDouble;
beforeAll(async () => {
  double = await startTestDouble();
});
afterAll(() => double[Symbol.asyncDispose]());

async function openRig(): Promise<Rig> {
  const settings = await double.createWarehouse();
  const place = { projectId: settings.projectId, dataset: settings.dataset };
  const { private_key: privateKey } = JSON.parse(settings.serviceAccountKey) as { private_key: string };
  const names = async (): Promise<string[]> => double.engine.tables(place.projectId, place.dataset);
  return {
    kind: 'bigquery',
    options: double.options,
    destination: createDestinations(double.options).bigquery,
    settings: { ...settings },
    brokenSettings: { ...settings, dataset: 'no_such_dataset' },
    secrets: [settings.serviceAccountKey, privateKey, ...privateKey.split('\n').filter((line) => line.length > 40)],
    readBack: async (table) =>
      (await names()).includes(table.name) ? readTable({ ...settings, url: double.url }, place, table) : [],
    inventory: async () => {
      const counts = [];
      for (const table of await names()) counts.push([table, String(await double.engine.count({ ...place, table }))]);
      return counts;
    },
    isReleased: async () => (await names()).every((name) => name in tables || /^_wharf_(?!stage)/.test(name)),
    drift: async (table, column, how) => {
      const path = `\`${place.projectId}\`.\`${place.dataset}\`.\`${table.name}\``;
      await double.administer(place.projectId, `ALTER TABLE ${path} DROP COLUMN ${column}`);
      if (how === 'retype') await double.administer(place.projectId, `ALTER TABLE ${path} ADD COLUMN ${column} STRING`);
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

conformance('Google BigQuery', openRig, {
  'json-text':
    "BigQuery's JSON type keeps keys in its own order, of a doubled key the first, and numbers as 64-bit integers or doubles.",
});
