import { expect, test } from 'vitest';
import { FaultPlan } from './faults.ts';

test('a fault meets the calls after those it lets pass, as often as it says, and is gone', () => {
  const plan = new FaultPlan();
  plan.add({ match: '^MERGE', skip: 1, times: 2, does: { kind: 'hang' } });
  const asked = ['MERGE 1', 'SELECT', 'MERGE 2', 'MERGE 3', 'MERGE 4'].map((label) => plan.take(label)?.kind ?? 'none');
  expect(asked).toEqual(['none', 'none', 'hang', 'hang', 'none']);
});

test('the first of two faults decides; cleared, none is left', () => {
  const plan = new FaultPlan();
  plan.add({ match: 'COMMIT', does: { kind: 'drop', when: 'after' } });
  plan.add({ match: 'COMMIT', times: 2, does: { kind: 'slow', ms: 5 } });
  expect(plan.take('COMMIT')).toEqual({ kind: 'drop', when: 'after' });
  expect(plan.take('COMMIT')).toEqual({ kind: 'slow', ms: 5 });
  plan.add({ match: '.', does: { kind: 'hang' } });
  plan.clear();
  expect(plan.take('COMMIT')).toBeNull();
});

test('what is no fault is refused', () => {
  expect(() => new FaultPlan().add({ match: 'x', does: { kind: 'explode' } })).toThrow(/explode|kind/);
});
