import fc from 'fast-check';
import { expect, test } from 'vitest';
import { retryDelayMs } from './retry-delay.ts';

const backoff = { firstMs: 10_000, maxMs: 1_800_000 };

test('doubles from the first delay up to the longest', () => {
  const delays = [1, 2, 3, 4, 20].map((failures) => retryDelayMs(failures, backoff, () => 1));
  expect(delays).toEqual([10_000, 20_000, 40_000, 80_000, 1_800_000]);
});

test('jitter keeps at least half and never more than the whole', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 500 }), fc.double({ min: 0, max: 1, noNaN: true }), (failures, random) => {
      const whole = retryDelayMs(failures, backoff, () => 1);
      const delay = retryDelayMs(failures, backoff, () => random);
      expect(delay).toBeGreaterThanOrEqual(whole / 2);
      expect(delay).toBeLessThanOrEqual(whole);
    }),
  );
});
