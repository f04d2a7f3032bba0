import { JsonText } from '../../kernel/json-text.ts';
import type { EventRow } from '../../store/event-reads.ts';
import { getMetrics } from '../../store/metrics.ts';
import { getProfiles } from '../../store/profile-reads.ts';
import type { Call } from './call.ts';
import { address, relationship, sparse, type Resource } from './document.ts';
import { writeInstant } from './instant.ts';
import { metricResource } from './metrics.ts';
import { profileResource } from './profile-resource.ts';

export function eventResource(call: Call, row: EventRow): Resource {
  const { id, datetime } = row;
  const owner = ['events', id] as const;
  const attributes = {
    timestamp: Math.floor(datetime.getTime() / 1000),
    event_properties: new JsonText(row.properties),
    datetime: writeInstant(datetime),
    uuid: id,
  };
  return {
    type: 'event',
    id,
    attributes: sparse(attributes, call.query.fields.get('event')),
    relationships: {
      profile: relationship(call.url, owner, 'profile', { type: 'profile', id: row.profile_id }),
      metric: relationship(call.url, owner, 'metric', { type: 'metric', id: row.metric_id }),
      attributions: relationship(call.url, owner, 'attributions', []),
    },
    links: { self: address(call.url, ...owner) },
  };
}

/** The metrics and profiles of the events that `include` asks for, each once; undefined when it asks for nothing. */
export async function includedWith(call: Call, rows: readonly EventRow[]): Promise<Resource[] | undefined> {
  const { include } = call.query;
  if (include.size === 0) return undefined;
  const { db, account } = call;
  const ids = (key: 'metric_id' | 'profile_id'): string[] => [...new Set(rows.map((row) => row[key]))];
  const [metrics, profiles] = await Promise.all([
    include.has('metric') ? getMetrics(db, account.id, ids('metric_id')) : [],
    include.has('profile') ? getProfiles(db, account.id, ids('profile_id')) : [],
  ]);
  return [
    ...metrics.map((metric) => metricResource(call, metric)),
    ...profiles.map((profile) => profileResource(call, profile)),
  ];
}
