import type { lookUpEndpoints } from '../../contract/lookup.ts';
import type { Tx } from '../../db/database.ts';
import { deliveries } from '../../exports/delivery.ts';
import { AppError } from '../../kernel/app-error.ts';
import type { Condition } from '../../store/conditions.ts';
import { getEvent, listEvents, type EventRow } from '../../store/event-reads.ts';
import type { Edge, ListPage } from '../../store/list-page.ts';
import { eventMarks, profileNumbers, searchProfiles, survivingProfile } from '../../store/lookup.ts';
import { getMetrics } from '../../store/metrics.ts';
import { getProfile, getProfiles, listProfiles, type ProfileRow } from '../../store/profile-reads.ts';
import { eventReply, profileReply, summaryReply, type FoundEvent, type FoundProfile } from './lookup-replies.ts';
import { noSuch } from './no-such.ts';
import type { Call, Handlers, RestDeps } from './route.ts';

type Query<Name extends keyof typeof lookUpEndpoints> = Call<(typeof lookUpEndpoints)[Name]>['query'];

/** Each answer is read in one snapshot: what is said of a row is said of the row as it is shown. */
export function lookUpRoutes({ db }: Pick<RestDeps, 'db'>): Handlers<typeof lookUpEndpoints> {
  const inSnapshot = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => db.transaction(work, { mode: 'snapshot' });
  return {
    listProfiles: ({ caller: { accountId }, query }) =>
      inSnapshot(async (tx) => {
        const page = await findProfiles(tx, accountId, query);
        return { data: (await withStates(tx, accountId, page.rows)).map(summaryReply), next: page.next?.id ?? null };
      }),

    getProfile: ({ caller: { accountId }, params }) =>
      inSnapshot(async (tx) => {
        const row = await getProfile(tx, accountId, await survivingProfile(tx, accountId, params.profile));
        const [found] = row ? await withStates(tx, accountId, [row]) : [];
        if (!found) throw noSuch('profile');
        return profileReply(found);
      }),

    listEvents: ({ caller: { accountId }, query }) =>
      inSnapshot(async (tx) => {
        const from = query.cursor === undefined ? null : { ...edgeOf(query.cursor), direction: 'next' as const };
        const page = await listEvents(tx, accountId, {
          conditions: await conditionsOf(tx, accountId, query),
          page: { size: query.size, descending: true, from },
        });
        return { data: (await describeEvents(tx, accountId, page.rows)).map(eventReply), next: page.next?.id ?? null };
      }),

    getEvent: ({ caller: { accountId }, params }) =>
      inSnapshot(async (tx) => {
        const row = await getEvent(tx, accountId, params.event);
        const [found] = row ? await describeEvents(tx, accountId, [row]) : [];
        if (!found) throw noSuch('event');
        return { ...eventReply(found), properties: found.row.properties };
      }),
  };
}

/** In order of id, which begins with the moment it was made. */
async function findProfiles(
  tx: Tx,
  accountId: number,
  { search, cursor, size }: Query<'listProfiles'>,
): Promise<Pick<ListPage<ProfileRow>, 'rows' | 'next'>> {
  if (!search) {
    const from = cursor === undefined ? null : { key: cursor, id: cursor, direction: 'next' as const };
    return listProfiles(tx, accountId, { conditions: [], sort: 'id', page: { size, descending: true, from } });
  }
  const ids = await searchProfiles(tx, accountId, search, { after: cursor ?? null, size: size + 1 });
  const shown = ids.slice(0, size);
  const rows = await getProfiles(tx, accountId, shown);
  const last = ids.length > size ? shown.at(-1) : undefined;
  return {
    rows: rows.sort((a, b) => shown.indexOf(a.id) - shown.indexOf(b.id)),
    next: last === undefined ? null : { key: last, id: last },
  };
}

async function withStates(tx: Tx, accountId: number, rows: readonly ProfileRow[]): Promise<FoundProfile[]> {
  const numbers = await profileNumbers(
    tx,
    accountId,
    rows.map(({ id }) => id),
  );
  const states = await deliveries(
    tx,
    accountId,
    'profiles',
    Array.from(numbers, ([id, number]) => ({ id, number, event: null })),
  );
  return rows.flatMap((row) => {
    const delivery = states.get(row.id);
    return delivery ? [{ row, delivery }] : [];
  });
}

async function describeEvents(tx: Tx, accountId: number, rows: readonly EventRow[]): Promise<FoundEvent[]> {
  const metrics = byId(await getMetrics(tx, accountId, [...new Set(rows.map((row) => row.metric_id))]));
  const profiles = byId(await getProfiles(tx, accountId, [...new Set(rows.map((row) => row.profile_id))]));
  const marks = await eventMarks(tx, accountId, rows);
  const known = rows.flatMap((row) => {
    const [metric, profile, mark] = [metrics.get(row.metric_id), profiles.get(row.profile_id), marks.get(row.id)];
    return metric && profile && mark ? [{ row, metric, profile, ...mark }] : [];
  });
  const states = await deliveries(
    tx,
    accountId,
    'events',
    known.map(({ row: { id, datetime }, metric, number }) => {
      return { id, number, event: { datetime, metricId: metric.id, integrationId: metric.integration.id } };
    }),
  );
  return known.flatMap((one) => {
    const delivery = states.get(one.row.id);
    return delivery ? [{ ...one, delivery }] : [];
  });
}

function byId<Row extends { readonly id: string }>(rows: readonly Row[]): Map<string, Row> {
  return new Map(rows.map((row) => [row.id, row]));
}

async function conditionsOf(
  tx: Tx,
  accountId: number,
  { metric, profile, since, until }: Query<'listEvents'>,
): Promise<Condition[]> {
  const conditions: Condition[] = [];
  if (metric !== undefined) conditions.push({ field: 'metric_id', operator: 'equals', values: [metric] });
  if (profile !== undefined) {
    const id = await survivingProfile(tx, accountId, profile);
    conditions.push({ field: 'profile_id', operator: 'equals', values: [id] });
  }
  if (since !== undefined) conditions.push({ field: 'datetime', operator: 'greater-or-equal', values: [since] });
  if (until !== undefined) conditions.push({ field: 'datetime', operator: 'less-than', values: [until] });
  return conditions;
}

/** An event's id begins with the milliseconds of its time. @throws AppError INVALID_INPUT */
function edgeOf(cursor: string): Edge {
  const ms = Number.parseInt(cursor.slice(0, 8) + cursor.slice(9, 13), 16);
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(cursor) || ms > latestMs) {
    throw new AppError('INVALID_INPUT', {
      summary: 'The cursor is not one of this list.',
      advice: 'Take it from `next` of the page before.',
      details: { problems: [{ field: 'cursor', message: 'is not a cursor' }] },
    });
  }
  return { key: new Date(ms).toISOString(), id: cursor };
}

const latestMs = Date.UTC(9999, 11, 31);
