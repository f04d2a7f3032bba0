import { expect, test } from 'vitest';
import { judge, type DeliveryRow, type Passage, type Present } from './delivery.ts';
import { syncStatuses } from './state.ts';
import type { RunStatus } from './types.ts';

const at = new Date('2026-06-01T00:00:00Z');
const all = { excludedIntegrations: [], metrics: null };
const event = { datetime: at, metricId: 'order', integrationId: 'shop' };

const profile: DeliveryRow = { id: 'row', number: 50, event: null };
const order: DeliveryRow = { id: 'row', number: 50, event };

const periodic = { id: 'p', kind: 'periodic', status: 'scheduled', cursor: 100, nextRunAt: at } as const;
const historical = { id: 'h', kind: 'historical', status: 'completed', cursor: 10, nextRunAt: null } as const;

const present: Present = {
  object: 'events',
  selection: { ...all, objects: ['profiles', 'events'], history: 'all' },
  historySince: null,
  syncs: [historical, periodic],
};

function passage(more: Partial<Passage> = {}): Passage {
  const filter = { include: all, except: null };
  return { rowId: 'row', runId: 'r', syncId: 'p', status: 'succeeded', filter, loadedAt: null, ...more };
}

test('a loaded chunk counts, whatever was edited since and whatever became of its run', () => {
  const nothing = { ...present, selection: { ...present.selection, objects: [], metrics: [] } };
  for (const status of ['running', 'failed', 'succeeded', 'cancelled'] as const) {
    for (const row of [profile, order]) {
      const told = judge(row, [passage({ status, loadedAt: at })], nothing);
      expect(told).toEqual({ state: 'in_warehouse', runId: 'r', at });
    }
  }
});

test("a run's own filter says whether it carries an event, as its statement does", () => {
  const filters = [
    [{ include: { ...all, metrics: ['view'] }, except: null }, false],
    [{ include: { ...all, metrics: ['order'] }, except: null }, true],
    [{ include: { ...all, excludedIntegrations: ['shop'] }, except: null }, false],
    [{ include: all, except: all }, false],
    [{ include: all, except: { ...all, metrics: ['view'] } }, true],
  ] as const;
  for (const [filter, carries] of filters) {
    const told = judge(order, [passage({ filter, loadedAt: at })], { ...present, syncs: [{ ...periodic, cursor: 0 }] });
    expect(told.state).toBe(carries ? 'in_warehouse' : 'waiting');
  }
});

test('an open run carries the row, an ended one that did not load it does not', () => {
  const late = { ...present, syncs: [historical, { ...periodic, cursor: 0 }] };
  const told = (status: RunStatus) => judge(order, [passage({ status, syncId: 'h', runId: 'open' })], late);
  for (const status of ['queued', 'running', 'failed'] as const) {
    expect(told(status)).toMatchObject({ state: 'waiting', syncId: 'h', runId: 'open' });
  }
  expect(told('cancelled')).toMatchObject({ state: 'waiting', syncId: 'p', runId: null, nextRunAt: at });
});

test('a row beyond the cursor waits, and says how the sync it waits for is', () => {
  for (const status of syncStatuses) {
    const told = judge(order, [], { ...present, syncs: [{ ...periodic, status, cursor: 49 }] });
    expect(told).toEqual({ state: 'waiting', syncId: 'p', syncStatus: status, runId: null, nextRunAt: at });
  }
  expect(judge(order, [], { ...present, syncs: [{ ...periodic, cursor: 50 }] }).state).toBe('in_warehouse');
});

test('what is left out says by which choice', () => {
  const { selection } = present;
  const told = (changed: Partial<Present>) => judge(order, [], { ...present, ...changed });
  expect(told({ selection: { ...selection, objects: ['profiles'] } })).toMatchObject({ reason: 'object' });
  expect(told({ selection: { ...selection, excludedIntegrations: ['shop'] } })).toMatchObject({
    reason: 'integration',
  });
  expect(told({ selection: { ...selection, metrics: ['view'] } })).toMatchObject({ reason: 'metric' });
  expect(told({ historySince: new Date(at.getTime() + 1) })).toMatchObject({ reason: 'history' });
  expect(told({ historySince: at }).state).toBe('in_warehouse');
  const notEvents = {
    ...present,
    object: 'profiles',
    selection: { ...selection, metrics: [] },
    historySince: at,
  } as const;
  expect(judge(profile, [], notEvents).state).toBe('in_warehouse');
});

test('a run so old that it was forgotten is not made up', () => {
  expect(judge(order, [], present)).toEqual({ state: 'in_warehouse', runId: null, at: null });
});
