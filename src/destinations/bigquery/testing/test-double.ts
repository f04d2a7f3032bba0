import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CallLog } from '../../stand-in/calls.ts';
import { FaultPlan } from '../../stand-in/faults.ts';
import { startDouble, type BigqueryDouble } from '../double.ts';

export interface TestDouble extends BigqueryDouble {
  readonly faults: FaultPlan;
  readonly calls: CallLog;
}

/** The stand-in in this process, so that a test can change what is behind it: keys, roles, clocks. */
export async function startTestDouble(): Promise<TestDouble> {
  const folder = await mkdtemp(join(tmpdir(), 'wharf-bigquery-'));
  const parts = { faults: new FaultPlan(), calls: new CallLog() };
  const double = await startDouble({ port: 0, folder, ...parts });
  return {
    ...double,
    ...parts,
    [Symbol.asyncDispose]: async () => {
      await double[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
