import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WrittenRanges } from './ranges.ts';

type Step = { readonly add: readonly [number, number] } | { readonly cut: number };

const position = fc.nat({ max: 40 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(position, fc.nat({ max: 10 }))
      .map(([from, length]) => ({ add: [from, from + length] as const })),
  },
  { weight: 1, arbitrary: position.map((cut) => ({ cut })) },
);

test('whatever is written and cut, in any order: the ranges are those of a map of single bytes', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const ranges = new WrittenRanges();
      const bytes = new Set<number>();
      for (const one of steps) {
        if ('add' in one) {
          ranges.add(...one.add);
          for (let i = one.add[0]; i < one.add[1]; i++) bytes.add(i);
        } else {
          ranges.cut(one.cut);
          for (const byte of bytes) if (byte >= one.cut) bytes.delete(byte);
        }
        expect(ranges.toJSON()).toEqual(rangesOf(bytes));
        for (let size = 0; size <= 51; size++) {
          const whole = Array.from({ length: size }, (_, i) => i).every((byte) => bytes.has(byte));
          expect(ranges.covers(size)).toBe(whole);
        }
        expect(new WrittenRanges(ranges.toJSON()).toJSON()).toEqual(ranges.toJSON());
      }
    }),
    { numRuns: 500 },
  );
});

function rangesOf(bytes: ReadonlySet<number>): [number, number][] {
  const ranges: [number, number][] = [];
  for (const byte of [...bytes].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last?.[1] === byte) last[1] = byte + 1;
    else ranges.push([byte, byte + 1]);
  }
  return ranges;
}

test('endless gaps are refused, and nothing is changed by the refusal', () => {
  const ranges = new WrittenRanges();
  for (let i = 0; i < 10_000; i++) ranges.add(2 * i, 2 * i + 1);
  expect(() => ranges.add(50_000, 50_001)).toThrow(RangeError);
  ranges.add(1, 2);
  expect(ranges.toJSON()).toHaveLength(9999);
});
