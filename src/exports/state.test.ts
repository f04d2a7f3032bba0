import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextStatus, syncEvents, syncStatuses, transitions, type SyncEvent, type SyncStatus } from './state.ts';

const ended: readonly SyncStatus[] = ['completed', 'failed', 'paused', 'disabled'];

test('every status answers every event, with a status or a refusal', () => {
  for (const status of syncStatuses) {
    expect(Object.keys(transitions[status]).sort()).toEqual([...syncEvents].sort());
    for (const event of syncEvents) {
      expect([...syncStatuses, 'ignored', 'impossible']).toContain(transitions[status][event]);
    }
  }
});

test('every status can be reached from a new sync', () => {
  const reached = new Set<SyncStatus>(['scheduled']);
  for (const status of reached) {
    for (const event of syncEvents) reached.add(nextStatus(status, event) ?? status);
  }
  expect([...reached].sort()).toEqual([...syncStatuses].sort());
});

test('no status is a trap: a person can always get a sync going again', () => {
  const ways: readonly SyncEvent[] = ['resume', 're-enable', 'enable', 'add-work', 'start'];
  for (const status of syncStatuses) {
    const after = ways.map((event) => nextStatus(status, event));
    expect(after.some((next) => next === 'scheduled' || next === 'in_progress')).toBe(true);
  }
});

test('work begins only from the statuses that wait for their time', () => {
  const starting = syncStatuses.filter((status) => transitions[status].start === 'in_progress');
  expect(starting).toEqual(['scheduled', 'error']);
});

test('what a worker reports late never wakes a sync that was stopped by hand', () => {
  fc.assert(
    fc.property(
      fc.constantFrom<SyncEvent>('pause', 'disable', 'cancel-and-hold'),
      fc.array(fc.constantFrom<SyncEvent>('fail', 'give-up', 'finish', 'complete')),
      (stop, reports) => {
        let status = nextStatus('in_progress', stop);
        for (const report of reports) status = status && (nextStatus(status, report) ?? status);
        expect(status === 'in_progress' || status === 'error').toBe(false);
      },
    ),
  );
});

test('any order of events ends in one of the seven statuses, and only an attempt that is due is in progress', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...syncEvents)), (events) => {
      let status: SyncStatus = 'scheduled';
      for (const event of events) {
        const next = nextStatus(status, event);
        expect(next === 'in_progress' && status !== 'in_progress' && event !== 'start').toBe(false);
        expect(ended.includes(status) && event === 'start' && next !== null).toBe(false);
        status = next ?? status;
      }
      expect(syncStatuses).toContain(status);
    }),
  );
});
