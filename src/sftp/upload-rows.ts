/** The rows of `sftp_upload`: what lies in the folders of an account, whichever machine has the bytes. */
import type { Sql, Tx } from '../db/database.ts';
import { importable, type FilePlace, type Folder } from './names.ts';
import type { Range } from './ranges.ts';

/** `partial`, `closed`, `taken`, `imported`: see the migration. */
export type UploadState = 'partial' | 'closed' | 'taken' | 'imported';

export interface UploadRow {
  readonly accountId: number;
  readonly id: string;
  readonly folder: Folder;
  readonly name: string;
  readonly state: UploadState;
  readonly machine: string;
  readonly bytes: number;
  readonly ranges: readonly Range[];
  readonly modifiedAt: Date;
  readonly keyId: string;
  readonly owner: string;
  readonly mayConsent: boolean;
}

/** Who writes. */
export interface Writer {
  readonly accountId: number;
  readonly keyId: string;
  readonly owner: string;
  readonly mayConsent: boolean;
}

/** How far a file is. */
export interface Progress {
  readonly bytes: number;
  readonly ranges: readonly Range[];
  readonly modifiedAt: Date;
}

const columns = `account_id as "accountId", id, folder, name, state, machine, bytes, ranges, modified_at as "modifiedAt",
  key_id as "keyId", owner, may_consent as "mayConsent"`;

export async function findUpload(sql: Sql, accountId: number, place: FilePlace): Promise<UploadRow | null> {
  const { rows } = await sql.query<UploadRow>(
    `select ${columns} from sftp_upload where account_id = $1 and folder = $2 and name = $3`,
    [accountId, place.folder, place.name],
  );
  return rows[0] ?? null;
}

/** By name, at most `limit` after the given one. */
export async function listUploads(
  sql: Sql,
  accountId: number,
  folder: Folder,
  after: string,
  limit: number,
): Promise<UploadRow[]> {
  const { rows } = await sql.query<UploadRow>(
    `select ${columns} from sftp_upload where account_id = $1 and folder = $2 and name > $3 order by name limit $4`,
    [accountId, folder, after, limit],
  );
  return rows;
}

/** An empty file, in the place of whatever was there. False when that is being handed over just now. */
export async function insertUpload(
  sql: Sql,
  writer: Writer,
  file: { readonly id: string; readonly place: FilePlace; readonly machine: string },
): Promise<boolean> {
  const { count } = await sql.query(
    `insert into sftp_upload as old (account_id, id, folder, name, state, machine, modified_at, written_at, key_id, owner, may_consent)
     values ($1, $2, $3, $4, 'partial', $5, now(), now(), $6, $7, $8)
     on conflict (account_id, folder, name) do update
       set id = excluded.id, state = 'partial', machine = excluded.machine, bytes = 0, ranges = '[]',
           modified_at = now(), written_at = now(), due_at = null,
           key_id = excluded.key_id, owner = excluded.owner, may_consent = excluded.may_consent, import_id = null
       where old.state <> 'taken'`,
    [
      writer.accountId,
      file.id,
      file.place.folder,
      file.place.name,
      file.machine,
      writer.keyId,
      writer.owner,
      writer.mayConsent,
    ],
  );
  return count > 0;
}

/** Makes a file one that is being written, by this writer. False when it is gone or its bytes are final. */
export async function reopenUpload(sql: Sql, writer: Writer, id: string): Promise<boolean> {
  const { count } = await sql.query(
    `update sftp_upload set state = 'partial', due_at = null, key_id = $3, owner = $4, may_consent = $5, written_at = now()
     where account_id = $1 and id = $2 and state in ('partial', 'closed')`,
    [writer.accountId, id, writer.keyId, writer.owner, writer.mayConsent],
  );
  return count > 0;
}

/** Of a file that is being written. False when it is gone. */
export async function saveProgress(sql: Sql, accountId: number, id: string, progress: Progress): Promise<boolean> {
  const { count } = await sql.query(
    `update sftp_upload set bytes = $3, ranges = $4, modified_at = $5, written_at = now()
     where account_id = $1 and id = $2 and state in ('partial', 'closed')`,
    [accountId, id, progress.bytes, JSON.stringify(progress.ranges), progress.modifiedAt],
  );
  return count > 0;
}

/** Nobody writes any more. A whole file with a name to import is due after the quiet time. */
export async function endWriting(
  sql: Sql,
  accountId: number,
  id: string,
  end: { readonly whole: boolean; readonly quietSeconds: number },
): Promise<void> {
  await sql.query(
    `update sftp_upload set state = case when $3 then 'closed' else 'partial' end,
       due_at = case when $3 and name ~* $5 then now() + make_interval(secs => $4) end
     where account_id = $1 and id = $2 and state in ('partial', 'closed')`,
    [accountId, id, end.whole, end.quietSeconds, importable],
  );
}

export async function setModifiedAt(sql: Sql, accountId: number, id: string, modifiedAt: Date): Promise<void> {
  await sql.query('update sftp_upload set modified_at = $3 where account_id = $1 and id = $2', [
    accountId,
    id,
    modifiedAt,
  ]);
}

/** Returns the removed row; null when there was none, or when it is being handed over just now. */
export async function deleteUpload(sql: Sql, accountId: number, place: FilePlace): Promise<UploadRow | null> {
  const { rows } = await sql.query<UploadRow>(
    `delete from sftp_upload where account_id = $1 and folder = $2 and name = $3 and state <> 'taken' returning ${columns}`,
    [accountId, place.folder, place.name],
  );
  return rows[0] ?? null;
}

/** A file that is whole waits for the quiet time again, if its new name is one to import. */
export async function moveUpload(
  tx: Tx,
  accountId: number,
  id: string,
  to: FilePlace,
  quietSeconds: number,
): Promise<void> {
  await tx.query(
    `update sftp_upload set folder = $3, name = $4,
       due_at = case when state = 'closed' and $4 ~* $6 then now() + make_interval(secs => $5)
                     when state = 'taken' then due_at end
     where account_id = $1 and id = $2`,
    [accountId, id, to.folder, to.name, quietSeconds, importable],
  );
}

export interface Usage {
  readonly bytes: number;
  readonly files: number;
}

/** What the account's files that are not imported yet take, on all machines, without the given ones. */
export async function usageOf(sql: Sql, accountId: number, without: readonly string[]): Promise<Usage> {
  const { rows } = await sql.query<Usage>(
    `select coalesce(sum(bytes), 0)::bigint as bytes, count(*) as files from sftp_upload
     where account_id = $1 and state <> 'imported' and not id = any($2)`,
    [accountId, without],
  );
  return rows[0] ?? { bytes: 0, files: 0 };
}
