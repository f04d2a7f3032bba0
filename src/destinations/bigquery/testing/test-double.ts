import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CallLog } from '../../stand-in/calls.ts';
import { FaultPlan } from '../../stand-in/faults.ts';
import { startDouble, type BigqueryDouble } from '../double.ts';

export interface TestDouble extends BigqueryDouble {
  readonly faults: WatchedFaults;
  readonly calls: CallLog;
}

/** Faults that tell when a call came. */
export class WatchedFaults extends FaultPlan {
  #watchers: { readonly pattern: RegExp; times: number; readonly met: () => void }[] = [];

  /** Resolves when so many calls with such a label have come from now on. */
  asked(pattern: RegExp, times = 1): Promise<void> {
    return new Promise((met) => this.#watchers.push({ pattern, times, met }));
  }

  override take(label: string): ReturnType<FaultPlan['take']> {
    for (const watcher of this.#watchers) {
      if (!watcher.pattern.test(label)) continue;
      watcher.times -= 1;
      if (watcher.times === 0) watcher.met();
    }
    this.#watchers = this.#watchers.filter(({ times }) => times > 0);
    return super.take(label);
  }
}

/** The stand-in in this process, so that a test can change what is behind it: keys, roles, clocks. */
export async function startTestDouble(): Promise<TestDouble> {
  const folder = await mkdtemp(join(tmpdir(), 'wharf-bigquery-'));
  const parts = { faults: new WatchedFaults(), calls: new CallLog() };
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
