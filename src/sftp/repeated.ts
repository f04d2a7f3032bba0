import type { Clock } from '../kernel/clock.ts';
import type { Service } from '../kernel/service.ts';

/** Does `work` again and again with a pause in between, until it is stopped; `stop` waits for the work in hand. */
export function repeated(
  clock: Clock,
  pauseMs: number,
  work: (signal: AbortSignal) => Promise<void>,
  onError: (error: unknown) => void,
): Service {
  const stopping = new AbortController();
  const { signal } = stopping;
  let running: Promise<void> | null = null;

  async function loop(): Promise<void> {
    while (!signal.aborted) {
      await work(signal).catch((error: unknown) => {
        if (!signal.aborted) onError(error);
      });
      await clock.sleep(pauseMs, signal).catch(() => undefined);
    }
  }

  return {
    async start() {
      running ??= loop();
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
