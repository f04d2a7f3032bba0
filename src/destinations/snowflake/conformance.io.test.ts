import { afterAll, beforeAll } from 'vitest';
import { sealDestination } from '../seal.ts';
import { startStandIn, type StandInProcess } from '../stand-in/process.ts';
import { conformance } from '../testing/conformance.ts';
import type { Rig } from '../testing/rig.ts';
import { Inspector } from './testing/inspector.ts';
import { createSnowflake } from './snowflake.ts';

let standIn: StandInProcess;
beforeAll(async () => {
  standIn = await startStandIn('snowflake');
});
afterAll(() => standIn[Symbol.asyncDispose]());

conformance(
  'Snowflake',
  async (): Promise<Rig> => {
    const settings = await standIn.createWarehouse();
    const endpoint = standIn.options.endpoints?.snowflake ?? '';
    const inspector = await Inspector.open(settings, endpoint);
    return {
      kind: 'snowflake',
      options: standIn.options,
      destination: sealDestination(createSnowflake({ endpoint })),
      settings,
      brokenSettings: { ...settings, schema: 'NO_SUCH_SCHEMA' },
      secrets: String(settings['privateKey']).split('\n').slice(1, -2),
      readBack: (table) => inspector.rows(table),
      inventory: () => inspector.inventory(),
      isReleased: () => inspector.isReleased(),
      drift: (table, column, how) => inspector.drift(table, column, how),
      [Symbol.asyncDispose]: () => inspector[Symbol.asyncDispose](),
    };
  },
  {
    'adds-columns': 'Only the owner of a table may alter it in Snowflake; the role that loads owns nothing.',
    'json-text': 'VARIANT keeps the meaning of a document: keys in any order, of doubled ones the last.',
    'json-null': 'In JSON lines the JSON null and a missing value look the same; both become NULL.',
  },
);
