/** Makes the syncs follow an edited selection: new objects start, left ones stop, new events are back-filled. */
import type { Tx } from '../db/database.ts';
import type { DestinationRow } from './connection-row.ts';
import { addsEvents, type EventFilter } from './filter.ts';
import { insertRun } from './schedule.ts';
import { lockSyncs, moveSync, type SyncRow } from './sync-row.ts';
import { cancelRuns, createSyncs, restartSyncs, setHeld } from './sync-work.ts';
import { addEntry } from './timeline.ts';
import type { DataObject, Selection } from './types.ts';

export interface SelectionEdit {
  /** The connection as it was. */
  readonly before: DestinationRow;
  readonly selection: Selection;
  readonly since: Date | null;
  /** The account's last change number. */
  readonly number: number;
  readonly now: Date;
  readonly actor: string;
}

export async function followSelection(tx: Tx, edit: SelectionEdit): Promise<void> {
  const { before, selection } = edit;
  const syncs = await lockSyncs(tx, before.accountId, before.id);
  for (const object of ['profiles', 'events'] as const) {
    const was = before.selection.objects.includes(object);
    const is = selection.objects.includes(object);
    const own = syncs.filter((sync) => sync.object === object);
    if (was && !is) await stopObject(tx, own, edit.now);
    if (!was && is) await startObject(tx, own, object, edit);
    if (was && is && object === 'events') await backFill(tx, own, edit);
  }
}

/** The settings may lead to another warehouse, which has nothing yet: every object is sent from the begin of its history. */
export async function sendAnew(tx: Tx, edit: SelectionEdit): Promise<void> {
  const { before, selection } = edit;
  for (const object of selection.objects) {
    const own = async (): Promise<SyncRow[]> =>
      (await lockSyncs(tx, before.accountId, before.id)).filter((sync) => sync.object === object);
    const paused = new Set((await own()).filter((sync) => sync.status === 'paused' || sync.held).map(({ id }) => id));
    await stopObject(tx, await own(), edit.now);
    await startObject(tx, await own(), object, edit);
    for (const sync of await own()) if (paused.has(sync.id)) await pauseAgain(tx, sync);
  }
}

async function pauseAgain(tx: Tx, sync: SyncRow): Promise<void> {
  if (sync.status === 'disabled') await setHeld(tx, sync, true);
  else await moveSync(tx, sync, 'pause');
}

async function stopObject(tx: Tx, syncs: readonly SyncRow[], now: Date): Promise<void> {
  for (const sync of syncs) {
    await cancelRuns(tx, sync, now);
    await moveSync(tx, sync, 'disable');
  }
}

async function startObject(tx: Tx, own: readonly SyncRow[], object: DataObject, edit: SelectionEdit): Promise<void> {
  const start = {
    accountId: edit.before.accountId,
    destinationId: edit.before.id,
    object,
    selection: edit.selection,
    historySince: edit.since,
    number: edit.number,
    withTombstones: true,
    now: edit.now,
  };
  if (own.length === 0) await createSyncs(tx, start);
  else await restartSyncs(tx, own, start);
  if (edit.before.enabled) return;
  for (const sync of await lockSyncs(tx, edit.before.accountId, edit.before.id)) {
    if (sync.object === object) await moveSync(tx, sync, 'disable');
  }
}

/**
 * Events that the edit added, from the history's begin up to where the periodic sync takes over: its next window begins
 * after its open run's, which still goes by the old selection.
 */
async function backFill(tx: Tx, own: readonly SyncRow[], edit: SelectionEdit): Promise<void> {
  const historical = own.find((sync) => sync.kind === 'historical');
  const periodic = own.find((sync) => sync.kind === 'periodic');
  if (!historical || !periodic) return;
  const to = Math.max(periodic.cursor, await openWindowEnd(tx, periodic));
  const after = choiceOf(edit.selection);
  const before = choiceOf(edit.before.selection);
  const olderNow = edit.before.historySince !== null && (edit.since === null || edit.since < edit.before.historySince);
  const spans = [
    addsEvents(before, after) && { filter: { include: after, except: before }, since: edit.since, until: null },
    olderNow && { filter: { include: after, except: null }, since: edit.since, until: edit.before.historySince },
  ].filter((span) => span !== false);
  for (const span of spans) await queueBackFill(tx, historical, span, to, edit);
}

async function queueBackFill(
  tx: Tx,
  historical: SyncRow,
  span: { readonly filter: EventFilter; readonly since: Date | null; readonly until: Date | null },
  to: number,
  edit: SelectionEdit,
): Promise<void> {
  const { now, actor } = edit;
  const runId = await insertRun(tx, historical, { status: 'queued', from: 0, to, ...span, withTombstones: false, now });
  const { accountId, destinationId, id: syncId } = historical;
  await addEntry(tx, { accountId, destinationId, syncId, runId, kind: 'back-fill', at: now, actor });
  if (edit.before.enabled) await moveSync(tx, historical, 'add-work', now);
}

async function openWindowEnd(tx: Tx, periodic: SyncRow): Promise<number> {
  const { rows } = await tx.query<{ to: number }>(
    `select number_to as "to" from run where account_id = $1 and sync_id = $2 and status in ('running', 'failed')`,
    [periodic.accountId, periodic.id],
  );
  return rows[0]?.to ?? 0;
}

function choiceOf({ excludedIntegrations, metrics }: Selection): Pick<Selection, 'excludedIntegrations' | 'metrics'> {
  return { excludedIntegrations, metrics };
}
