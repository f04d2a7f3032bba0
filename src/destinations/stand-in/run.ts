import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CallLog } from './calls.ts';
import { serveControl } from './control.ts';
import { FaultPlan } from './faults.ts';
import type { StandInReady, StartStandIn } from './stand-in.ts';

/**
 * The main of a stand-in's process. Writes one line of JSON (`StandInReady`) when it can be used; ends at SIGTERM, SIGINT, or
 * when its standard input closes, so that it never outlives whoever started it.
 */
export async function runStandIn(start: StartStandIn): Promise<void> {
  const { values } = parseArgs({ options: { port: { type: 'string', default: '0' } } });
  const folder = await mkdtemp(join(tmpdir(), 'wharf-stand-in-'));
  const stopped = stopSignal();
  const parts = { faults: new FaultPlan(), calls: new CallLog() };
  try {
    await using standIn = await start({ port: Number(values.port), folder, ...parts });
    const settings = await standIn.createWarehouse();
    const { server, url } = await serveControl(standIn, parts);
    const ready: StandInReady = { options: standIn.options, notes: standIn.notes, settings, control: url };
    process.stdout.write(`${JSON.stringify(ready)}\n`);
    await stopped;
    await server.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  process.exit(0);
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
    process.stdin.once('end', resolve).once('close', resolve).resume();
  });
}
