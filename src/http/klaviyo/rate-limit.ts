import type { Clock } from '../../kernel/clock.ts';

/** Requests admitted per fixed window of one second (burst) and of one minute (steady). */
export interface RateLimit {
  readonly burst: number;
  readonly steady: number;
}

export interface Verdict {
  readonly admitted: boolean;
  /** Of the steady window. */
  readonly limit: number;
  readonly remaining: number;
  /** Whole seconds until the steady window ends. */
  readonly resetSeconds: number;
  /** Whole seconds after which another try can succeed; only when refused. */
  readonly retryAfterSeconds: number;
}

interface Windows {
  second: number;
  inSecond: number;
  minute: number;
  inMinute: number;
}

/**
 * Counts requests per key in fixed windows that begin on whole seconds and minutes. Refused requests are not counted.
 * The counts live in this process: with several API processes each admits the whole limit.
 */
export class RateLimiter {
  readonly #clock: Clock;
  readonly #scale: number;
  readonly #windows = new Map<string, Windows>();

  /** @param scale multiplies every limit, at least one request stays; 0 switches limits off */
  constructor(clock: Clock, scale: number) {
    this.#clock = clock;
    this.#scale = scale;
  }

  /** Counts one request, or refuses it. Null when limits are off. */
  take(key: string, limit: RateLimit): Verdict | null {
    if (this.#scale === 0) return null;
    const ms = this.#clock.now().getTime();
    const windows = this.#at(key, Math.floor(ms / 1000), Math.floor(ms / 60_000));
    const burst = Math.max(1, Math.round(limit.burst * this.#scale));
    const steady = Math.max(1, Math.round(limit.steady * this.#scale));
    const resetSeconds = 60 - (Math.floor(ms / 1000) % 60);
    const steadySpent = windows.inMinute >= steady;
    const admitted = !steadySpent && windows.inSecond < burst;
    if (admitted) {
      windows.inSecond += 1;
      windows.inMinute += 1;
    }
    return {
      admitted,
      limit: steady,
      remaining: steady - windows.inMinute,
      resetSeconds,
      retryAfterSeconds: admitted ? 0 : steadySpent ? resetSeconds : 1,
    };
  }

  #at(key: string, second: number, minute: number): Windows {
    let windows = this.#windows.get(key);
    if (!windows) {
      windows = { second, inSecond: 0, minute, inMinute: 0 };
      this.#windows.set(key, windows);
    }
    if (windows.second !== second) Object.assign(windows, { second, inSecond: 0 });
    if (windows.minute !== minute) Object.assign(windows, { minute, inMinute: 0 });
    return windows;
  }
}
