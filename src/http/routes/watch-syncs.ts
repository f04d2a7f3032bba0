import type { Sync } from '../../exports/types.ts';
import type { Clock } from '../../kernel/clock.ts';

const lookEveryMs = 1000;
/** Proxies cut a stream that is silent for longer; it also ends a stream whose client is gone unnoticed. */
const speakEveryMs = 15_000;

/** The syncs at once, then whenever they look different, and now and then anyway. Ends when the signal aborts. */
export async function* watchSyncs(
  list: () => Promise<Sync[]>,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<Sync[]> {
  let told = '';
  let toldAt = 0;
  while (!signal.aborted) {
    const syncs = await list();
    const now = clock.now().getTime();
    const look = JSON.stringify(syncs.map((sync) => ({ ...sync, freshnessSeconds: null })));
    if (look !== told || now - toldAt >= speakEveryMs) {
      told = look;
      toldAt = now;
      yield syncs;
    }
    await clock.sleep(lookEveryMs, signal).catch(() => undefined);
  }
}
