import { afterAll, beforeAll } from 'vitest';
import { sealDestination } from '../seal.ts';
import { startStandIn, type StandInProcess } from '../stand-in/process.ts';
import { proveWrongFields } from '../testing/wrong-fields.ts';
import { quoted } from './identifiers.ts';
import { createSnowflake } from './snowflake.ts';
import { Inspector } from './testing/inspector.ts';
import { wrongAddresses, wrongFields, type SnowflakeBench } from './wrong-fields.ts';

let standIn: StandInProcess;
beforeAll(async () => {
  standIn = await startStandIn('snowflake');
});
afterAll(() => standIn[Symbol.asyncDispose]());

async function openBench(endpoint = standIn.options.endpoints?.snowflake ?? ''): Promise<SnowflakeBench> {
  const settings = await standIn.createWarehouse();
  const admin = await Inspector.open(settings, standIn.options.endpoints?.snowflake ?? '');
  const name = (field: string): string => quoted(String(settings[field]));
  return {
    destination: sealDestination(createSnowflake({ endpoint })),
    standIn,
    admin,
    settings,
    names: {
      user: name('username'),
      role: quoted(`${String(settings['username'])}_ROLE`),
      warehouse: name('warehouse'),
      database: name('database'),
      schema: name('schema'),
    },
    table: (table) => `${name('database')}.${name('schema')}.${quoted(table)}`,
    [Symbol.asyncDispose]: async () => {
      await standIn.clearFaults();
      await admin[Symbol.asyncDispose]();
    },
  };
}

proveWrongFields('Snowflake', () => openBench(), wrongFields);

for (const { wrong, endpoint, says } of wrongAddresses) {
  proveWrongFields('Snowflake', () => openBench(endpoint), [
    { wrong, settings: ({ settings }) => settings, code: 'NETWORK_UNREACHABLE', step: 'reach', says },
  ]);
}
