import { sealDestination } from '../../seal.ts';
import type { StandInProcess } from '../../stand-in/process.ts';
import type { Rig } from '../../testing/rig.ts';
import { createSnowflake } from '../snowflake.ts';
import { Inspector } from './inspector.ts';

/** A fresh warehouse of the stand-in. */
export async function openRig(standIn: StandInProcess): Promise<Rig & { readonly inspector: Inspector }> {
  const settings = await standIn.createWarehouse();
  const endpoint = standIn.options.endpoints?.snowflake ?? '';
  const inspector = await Inspector.open(settings, endpoint);
  return {
    kind: 'snowflake',
    options: standIn.options,
    destination: sealDestination(createSnowflake({ endpoint })),
    settings,
    brokenSettings: { ...settings, schema: 'NO_SUCH_SCHEMA' },
    // without the lines that all keys have
    secrets: String(settings['privateKey']).split('\n').slice(1, -2),
    inspector,
    readBack: (table) => inspector.rows(table),
    inventory: () => inspector.inventory(),
    isReleased: () => inspector.isReleased(),
    drift: (table, column, how) => inspector.drift(table, column, how),
    [Symbol.asyncDispose]: () => inspector[Symbol.asyncDispose](),
  };
}
