import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Clock } from '../../kernel/clock.ts';
import { RateLimiter } from './rate-limit.ts';

class HandClock implements Clock {
  ms = Date.UTC(2026, 0, 1);
  now(): Date {
    return new Date(this.ms);
  }
  sleep(): Promise<void> {
    throw new Error('nothing here waits');
  }
}

const limit = { burst: 3, steady: 5 };

describe('RateLimiter', () => {
  test('admits a burst per second and a steady number per minute', () => {
    const clock = new HandClock();
    const limiter = new RateLimiter(clock, 1);
    const admitted = () => limiter.take('a', limit)?.admitted;
    expect([admitted(), admitted(), admitted(), admitted()]).toEqual([true, true, true, false]);
    expect(limiter.take('b', limit)?.admitted).toBe(true);
    clock.ms += 1000;
    expect([admitted(), admitted(), admitted()]).toEqual([true, true, false]);
    expect(limiter.take('a', limit)).toEqual({
      admitted: false,
      limit: 5,
      remaining: 0,
      resetSeconds: 59,
      retryAfterSeconds: 59,
    });
    clock.ms += 59_000;
    expect(limiter.take('a', limit)).toMatchObject({ admitted: true, remaining: 4, resetSeconds: 60 });
  });

  test('never admits more in a window, and always admits again after Retry-After', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1500), { maxLength: 200 }), (pauses) => {
        const clock = new HandClock();
        const limiter = new RateLimiter(clock, 1);
        const perSecond = new Map<number, number>();
        const perMinute = new Map<number, number>();
        for (const pause of pauses) {
          clock.ms += pause;
          const verdict = limiter.take('a', limit);
          clock.ms += (verdict?.retryAfterSeconds ?? 0) * 1000;
          expect(verdict?.admitted || limiter.take('a', limit)?.admitted).toBe(true);
          count(perSecond, Math.floor(clock.ms / 1000));
          count(perMinute, Math.floor(clock.ms / 60_000));
        }
        expect(Math.max(0, ...perSecond.values())).toBeLessThanOrEqual(limit.burst);
        expect(Math.max(0, ...perMinute.values())).toBeLessThanOrEqual(limit.steady);
      }),
    );
  });

  test('scale multiplies limits and 0 switches them off', () => {
    const clock = new HandClock();
    expect(new RateLimiter(clock, 0).take('a', limit)).toBeNull();
    expect(new RateLimiter(clock, 10).take('a', limit)?.limit).toBe(50);
    expect(new RateLimiter(clock, 0.01).take('a', limit)?.limit).toBe(1);
  });
});

function count(windows: Map<number, number>, window: number): void {
  windows.set(window, (windows.get(window) ?? 0) + 1);
}
