import { isUniqueViolation, type Sql, type Tx } from '../db/database.ts';
import { getAccount } from '../store/accounts.ts';
import { currentNumber } from '../store/change-numbers.ts';
import { AppError } from '../kernel/app-error.ts';
import { ulid } from '../kernel/ids.ts';
import {
  describeConnection,
  liveDestination,
  lockDestination,
  noConnection,
  type DestinationRow,
} from './connection-row.ts';
import { checkConnection } from './connection-test.ts';
import { changedPlaces, checkedSettings, destinationOf, editedSettings, storeSettings } from './destination-access.ts';
import { estimateSelection } from './estimate.ts';
import type { ExportParts } from './parts.ts';
import { checkedSelection, historySince } from './selection.ts';
import { followSelection, sendAnew } from './selection-edit.ts';
import { lockSyncs, moveSync } from './sync-row.ts';
import { cancelRuns, createSyncs, disableSync, enableSync, forgetFailures } from './sync-work.ts';
import { addEntry } from './timeline.ts';
import type { ConnectInput, Connection, Connections, Selection } from './types.ts';

export function createConnections(parts: ExportParts): Connections {
  const { db, destinations, clock, options } = parts;
  const answer = async (row: DestinationRow): Promise<Connection> => describeConnection(db, row, clock.now());
  const present = async (accountId: number): Promise<Connection> => {
    const row = await liveDestination(db, accountId);
    if (!row) throw noConnection();
    return answer(row);
  };
  return {
    async get(accountId) {
      const row = await liveDestination(db, accountId);
      return row && answer(row);
    },
    test: (accountId, input, signal) => checkConnection(parts, accountId, input, signal),
    estimate: async (accountId, selection) =>
      estimateSelection(db, accountId, await checkedSelection(db, accountId, selection), clock.now()),
    async connect(accountId, input, actor) {
      await connect(parts, accountId, input, actor);
      parts.wake();
      return present(accountId);
    },
    async editSettings(accountId, version, settings, actor) {
      await db.transaction((tx) => editSettings(parts, tx, accountId, version, settings, actor));
      parts.wake();
      return present(accountId);
    },
    async editSelection(accountId, version, selection, actor) {
      await db.transaction((tx) => editSelection(parts, tx, accountId, version, selection, actor));
      parts.wake();
      return present(accountId);
    },
    async setEnabled(accountId, enabled, actor) {
      await db.transaction((tx) => setEnabled(parts, tx, accountId, enabled, actor));
      parts.wake();
      return present(accountId);
    },
    remove: (accountId, actor) => db.transaction((tx) => remove(parts, tx, accountId, actor)),
    setup: (kind, settings) =>
      destinationOf(destinations, kind).setup(settings, { outboundAddresses: options.outboundAddresses }),
  };
}

async function connect(parts: ExportParts, accountId: number, input: ConnectInput, actor: string): Promise<void> {
  const destination = destinationOf(parts.destinations, input.kind);
  const name = input.name.trim();
  if (name === '' || name.length > 200) throw invalidName();
  await requirePlan(parts.db, accountId);
  const settings = checkedSettings(destination, input.settings);
  const stored = storeSettings(destination, settings, parts.sealingKeys, accountId);
  await parts.db
    .transaction(async (tx) => {
      const selection = await checkedSelection(tx, accountId, input.selection);
      const now = parts.clock.now();
      const since = historySince(selection.history, now);
      const id = ulid(now.getTime());
      const number = await currentNumber(tx, accountId);
      await tx.query(
        `insert into destination (account_id, id, kind, name, settings, secrets, secrets_set, credentials_expire_at, selection,
                                  history_since, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
        [
          accountId,
          id,
          input.kind,
          name,
          JSON.stringify(stored.settings),
          stored.secrets,
          stored.secretsSet,
          destination.credentialsExpire(settings),
          JSON.stringify(selection),
          since,
          now,
        ],
      );
      const earlier = await tx.query(
        'select 1 from destination where account_id = $1 and removed_at is not null limit 1',
        [accountId],
      );
      for (const object of selection.objects) {
        await createSyncs(tx, {
          accountId,
          destinationId: id,
          object,
          selection,
          historySince: since,
          number,
          withTombstones: earlier.count > 0,
          now,
        });
      }
      const details = { kind: input.kind, name, selection };
      await addEntry(tx, { accountId, destinationId: id, kind: 'connected', at: now, actor, details });
    })
    .catch((error: unknown) => {
      throw isUniqueViolation(error, 'destination_live') ? secondDestination(error) : error;
    });
}

async function editSettings(
  parts: ExportParts,
  tx: Tx,
  accountId: number,
  version: number,
  typed: Readonly<Record<string, unknown>>,
  actor: string,
): Promise<void> {
  const row = await lockDestination(tx, accountId, version);
  const destination = destinationOf(parts.destinations, row.kind);
  const settings = editedSettings(destination, typed, row, parts.sealingKeys, accountId);
  const stored = storeSettings(destination, settings, parts.sealingKeys, accountId);
  await tx.query(
    `update destination set settings = $3, secrets = $4, secrets_set = $5, credentials_expire_at = $6, version = version + 1,
       credentials_warned_at = case when credentials_expire_at = $6 then credentials_warned_at end
     where account_id = $1 and id = $2`,
    [
      accountId,
      row.id,
      JSON.stringify(stored.settings),
      stored.secrets,
      stored.secretsSet,
      destination.credentialsExpire(settings),
    ],
  );
  const now = parts.clock.now();
  const fields = Object.keys(typed);
  const moved = changedPlaces(destination, row.settings, settings).length > 0;
  await addEntry(tx, {
    accountId,
    destinationId: row.id,
    kind: 'settings-edited',
    at: now,
    actor,
    details: { fields, ...(moved ? { sentAnew: true } : {}) },
  });
  if (moved) {
    const number = await currentNumber(tx, accountId);
    await sendAnew(tx, { before: row, selection: row.selection, since: row.historySince, number, now, actor });
    return;
  }
  for (const sync of await lockSyncs(tx, accountId, row.id)) {
    if (sync.status !== 'failed' && sync.status !== 'error') continue;
    await forgetFailures(tx, sync);
    await moveSync(tx, sync, 're-enable', now);
  }
}

async function editSelection(
  parts: ExportParts,
  tx: Tx,
  accountId: number,
  version: number,
  wished: Selection,
  actor: string,
): Promise<void> {
  const row = await lockDestination(tx, accountId, version);
  const selection = await checkedSelection(tx, accountId, wished);
  const now = parts.clock.now();
  const since = selection.history === row.selection.history ? row.historySince : historySince(selection.history, now);
  await tx.query(
    `update destination set selection = $3, history_since = $4, version = version + 1 where account_id = $1 and id = $2`,
    [accountId, row.id, JSON.stringify(selection), since],
  );
  const edit = { before: row, selection, since, number: await currentNumber(tx, accountId), now, actor };
  await addEntry(tx, {
    accountId,
    destinationId: row.id,
    kind: 'selection-edited',
    at: now,
    actor,
    details: { before: row.selection, after: selection },
  });
  await followSelection(tx, edit);
}

async function setEnabled(
  parts: ExportParts,
  tx: Tx,
  accountId: number,
  enabled: boolean,
  actor: string,
): Promise<void> {
  const row = await lockDestination(tx, accountId);
  if (row.enabled === enabled) return;
  if (enabled) await requirePlan(tx, accountId);
  const now = parts.clock.now();
  await tx.query('update destination set enabled = $3 where account_id = $1 and id = $2', [accountId, row.id, enabled]);
  await addEntry(tx, { accountId, destinationId: row.id, kind: enabled ? 'enabled' : 'disabled', at: now, actor });
  for (const sync of await lockSyncs(tx, accountId, row.id)) {
    if (!enabled) await disableSync(tx, sync);
    else if (row.selection.objects.includes(sync.object)) await enableSync(tx, sync, now);
  }
}

async function remove(parts: ExportParts, tx: Tx, accountId: number, actor: string): Promise<void> {
  const row = await lockDestination(tx, accountId);
  const now = parts.clock.now();
  for (const sync of await lockSyncs(tx, accountId, row.id)) {
    await cancelRuns(tx, sync, now);
    await moveSync(tx, sync, 'disable');
  }
  await tx.query(
    `update destination set removed_at = $3, enabled = false, secrets = null, secrets_set = '{}', credentials_expire_at = null
     where account_id = $1 and id = $2`,
    [accountId, row.id, now],
  );
  await addEntry(tx, { accountId, destinationId: row.id, kind: 'removed', at: now, actor });
}

/** A connection that is on stays on when the plan ends: the operator switches it off. @throws AppError FORBIDDEN */
async function requirePlan(sql: Sql, accountId: number): Promise<void> {
  if ((await getAccount(sql, accountId))?.plan === 'advanced') return;
  throw new AppError('FORBIDDEN', {
    summary: "Syncing to a warehouse is part of the advanced data platform, which this account's plan does not have.",
    advice: 'An owner of the account can switch it on in its settings.',
  });
}

function secondDestination(cause: unknown): AppError {
  return new AppError('CONFLICT', {
    summary: 'The account already has a destination; there can be only one.',
    advice: 'Remove the present connection first.',
    cause,
  });
}

function invalidName(): AppError {
  return new AppError('INVALID_INPUT', {
    summary: 'The connection needs a name of 1 to 200 characters.',
    details: { problems: [{ field: 'name', message: 'must have 1 to 200 characters' }] },
  });
}
