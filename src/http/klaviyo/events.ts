import { getEvent, listEvents, type EventRow } from '../../store/event-reads.ts';
import { recordEvents } from '../../store/event-writes.ts';
import type { EventWrite } from '../../store/event.ts';
import { getMetric } from '../../store/metrics.ts';
import { findMissingProfiles, getProfile } from '../../store/profile-reads.ts';
import { notFound } from './api-error.ts';
import { bodyOf, idOf, type Call, type Handlers } from './call.ts';
import { decodeCursor } from './cursor.ts';
import { collection, single } from './document.ts';
import { readBulkEvents, readEvent } from './event-body.ts';
import { eventResource, includedWith } from './event-resource.ts';
import { metricResource } from './metrics.ts';
import { profileResource } from './profile-resource.ts';

/** Events. Created ones are stored before the answer, though the answer is 202 as in the original. */
export const eventHandlers: Handlers<
  'get_events' | 'get_event' | 'get_metric_for_event' | 'get_profile_for_event' | 'create_event' | 'bulk_create_events'
> = {
  async get_events(call) {
    const { query } = call;
    const from = query.cursor === null ? null : decodeCursor(query.cursor, query.scope, 'event');
    const page = await listEvents(call.db, call.account.id, {
      conditions: query.conditions,
      page: { size: query.pageSize, descending: query.sort.descending, from },
    });
    const data = page.rows.map((row) => eventResource(call, row));
    return { status: 200, document: collection(call.url, query, page, data, await includedWith(call, page.rows)) };
  },

  async get_event(call) {
    const row = await existingEvent(call);
    return { status: 200, document: single(call.url, eventResource(call, row), await includedWith(call, [row])) };
  },

  async get_metric_for_event(call) {
    const { metric_id } = await existingEvent(call);
    const metric = await getMetric(call.db, call.account.id, metric_id);
    if (!metric) throw notFound('metric', metric_id);
    return { status: 200, document: single(call.url, metricResource(call, metric)) };
  },

  async get_profile_for_event(call) {
    const { profile_id } = await existingEvent(call);
    const profile = await getProfile(call.db, call.account.id, profile_id);
    if (!profile) throw notFound('profile', profile_id);
    return { status: 200, document: single(call.url, profileResource(call, profile)) };
  },

  async create_event(call) {
    await record(call, [readEvent(bodyOf(call), call.clock.now())]);
    return { status: 202 };
  },

  async bulk_create_events(call) {
    await record(call, readBulkEvents(bodyOf(call), call.clock.now()));
    return { status: 202 };
  },
};

/**
 * Records events that passed the door. The store leaves an event out whose profile id names nobody; here the whole request is
 * refused then, so that nothing of it is stored.
 */
async function record(call: Call, writes: readonly EventWrite[]): Promise<void> {
  const ids = [...new Set(writes.flatMap(({ profile }) => profile.id ?? []))];
  const [missing] = await findMissingProfiles(call.db, call.account.id, ids);
  if (missing !== undefined) throw notFound('profile', missing);
  await recordEvents(call.db, call.account.id, writes, { admitted: true });
}

async function existingEvent(call: Call): Promise<EventRow> {
  const id = idOf(call);
  const row = await getEvent(call.db, call.account.id, id);
  if (!row) throw notFound('event', id);
  return row;
}
