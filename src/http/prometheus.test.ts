import { expect, test } from 'vitest';
import { DurationHistogram, metricText } from './prometheus.ts';

test('samples are written with escaped labels', () => {
  const text = metricText('up', 'gauge', 'Is it.', [{ labels: { name: 'a "b"\n\\c' }, value: 1 }]);
  expect(text).toBe('# HELP up Is it.\n# TYPE up gauge\nup{name="a \\"b\\"\\n\\\\c"} 1\n');
});

test('buckets are cumulative, and the last one counts everything', () => {
  const histogram = new DurationHistogram('t', 'Time.');
  for (const seconds of [0.004, 0.02, 0.02, 1000]) histogram.observe({ route: '/x' }, seconds);
  const lines = histogram.text().split('\n');
  const bucket = (bound: string) => lines.find((line) => line.startsWith(`t_bucket{route="/x",le="${bound}"}`));
  expect(bucket('0.005')).toMatch(/ 1$/);
  expect(bucket('0.025')).toMatch(/ 3$/);
  expect(bucket('60')).toMatch(/ 3$/);
  expect(bucket('+Inf')).toMatch(/ 4$/);
  expect(lines).toContain('t_count{route="/x"} 4');
  expect(lines).toContain('t_sum{route="/x"} 1000.044');
});
