export interface Backoff {
  readonly firstMs: number;
  readonly maxMs: number;
}

/**
 * Exponential delay before attempt `failures + 1`, with half of it random ("equal jitter"), so that many
 * syncs that failed together do not come back together.
 */
export function retryDelayMs(failures: number, backoff: Backoff, random: () => number = Math.random): number {
  const full = Math.min(backoff.maxMs, backoff.firstMs * 2 ** Math.max(0, failures - 1));
  return Math.round(full / 2 + (full / 2) * random());
}
