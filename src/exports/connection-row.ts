/** The destination's row as it is read and answered. */
import type { Sql, Tx } from '../db/database.ts';
import { AppError } from '../kernel/app-error.ts';
import { credentialWarnings } from './credentials.ts';
import type { StoredSettings } from './destination-access.ts';
import type { Connection, Selection } from './types.ts';

export interface DestinationRow extends StoredSettings {
  readonly accountId: number;
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly selection: Selection;
  readonly historySince: Date | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly credentialsExpireAt: Date | null;
}

const columns = `d.account_id as "accountId", d.id, d.kind, d.name, d.enabled, d.settings, d.secrets,
  d.secrets_set as "secretsSet", d.selection, d.history_since as "historySince", d.version, d.created_at as "createdAt",
  d.credentials_expire_at as "credentialsExpireAt"`;

export async function liveDestination(sql: Sql, accountId: number): Promise<DestinationRow | null> {
  const { rows } = await sql.query<DestinationRow>(
    `select ${columns} from destination d where d.account_id = $1 and d.removed_at is null`,
    [accountId],
  );
  return rows[0] ?? null;
}

/** @throws AppError NOT_FOUND, CONFLICT when `version` is given and outdated */
export async function lockDestination(tx: Tx, accountId: number, version?: number): Promise<DestinationRow> {
  const { rows } = await tx.query<DestinationRow>(
    `select ${columns} from destination d where d.account_id = $1 and d.removed_at is null for no key update`,
    [accountId],
  );
  const destination = rows[0];
  if (!destination) throw noConnection();
  if (version === undefined || version === destination.version) return destination;
  throw new AppError('CONFLICT', {
    summary: 'Someone else has edited the connection in the meantime.',
    advice: 'Load the page again and repeat the edit.',
    details: { version: destination.version },
  });
}

export function noConnection(): AppError {
  return new AppError('NOT_FOUND', {
    summary: 'No warehouse is connected.',
    advice: 'Connect a warehouse first.',
  });
}

/** The answer to a person or program: no secret in it. */
export async function describeConnection(sql: Sql, row: DestinationRow, now: Date): Promise<Connection> {
  const { rows } = await sql.query<{ lastSyncedAt: Date | null; errorsLastDay: number }>(
    `select (select max(r.ended_at) from run r
             where r.account_id = $1 and r.destination_id = $2 and r.status = 'succeeded') as "lastSyncedAt",
            (select count(*) from sync_error e join sync s on s.account_id = e.account_id and s.id = e.sync_id
             where e.account_id = $1 and s.destination_id = $2 and e.last_at > $3) as "errorsLastDay"`,
    [row.accountId, row.id, new Date(now.getTime() - 86_400_000)],
  );
  const masked = Object.fromEntries(row.secretsSet.map((name) => [name, null]));
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    enabled: row.enabled,
    settings: { ...row.settings, ...masked },
    secretsSet: row.secretsSet,
    selection: row.selection,
    version: row.version,
    connectedAt: row.createdAt,
    lastSyncedAt: rows[0]?.lastSyncedAt ?? null,
    errorsLastDay: rows[0]?.errorsLastDay ?? 0,
    credentialsExpireAt: row.credentialsExpireAt,
    warnings: credentialWarnings(row.credentialsExpireAt, now),
  };
}
