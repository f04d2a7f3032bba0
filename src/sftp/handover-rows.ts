/** The rows of `sftp_upload` as one machine looks after them: what is due, what is too old, what its disk should hold. */
import type { Sql } from '../db/database.ts';
import type { UploadRow } from './upload-rows.ts';

const columns = `account_id as "accountId", id, folder, name, state, machine, bytes, ranges, modified_at as "modifiedAt",
  key_id as "keyId", owner, may_consent as "mayConsent"`;

/** Files of this machine whose quiet time is over, and those whose handing over has to be tried again. */
export async function dueUploads(sql: Sql, machine: string, limit: number): Promise<UploadRow[]> {
  const { rows } = await sql.query<UploadRow>(
    `select ${columns} from sftp_upload where machine = $1 and due_at <= now() and state in ('closed', 'taken')
     order by due_at limit $2`,
    [machine, limit],
  );
  return rows;
}

/** From here on its bytes are final. Returns null when the file was opened, renamed or removed meanwhile. */
export async function takeUpload(
  sql: Sql,
  { accountId, id }: UploadRow,
  retrySeconds: number,
): Promise<UploadRow | null> {
  const { rows } = await sql.query<UploadRow>(
    `update sftp_upload set state = 'taken', due_at = now() + make_interval(secs => $3)
     where account_id = $1 and id = $2 and state in ('closed', 'taken') and due_at <= now() returning ${columns}`,
    [accountId, id, retrySeconds],
  );
  return rows[0] ?? null;
}

export async function markImported(sql: Sql, { accountId, id }: UploadRow, importId: string): Promise<void> {
  await sql.query(
    `update sftp_upload set state = 'imported', due_at = null, import_id = $3 where account_id = $1 and id = $2`,
    [accountId, id, importId],
  );
}

/** Every file whose bytes this machine should have. */
export async function uploadsOfMachine(sql: Sql, machine: string): Promise<UploadRow[]> {
  const { rows } = await sql.query<UploadRow>(
    `select ${columns} from sftp_upload where machine = $1 and state <> 'imported'`,
    [machine],
  );
  return rows;
}

/** The disk has less than the row says: what is left is a partial file. */
export async function shortenUpload(
  sql: Sql,
  row: UploadRow,
  bytes: number,
  ranges: UploadRow['ranges'],
): Promise<void> {
  await sql.query(
    `update sftp_upload set state = 'partial', due_at = null, bytes = $3, ranges = $4 where account_id = $1 and id = $2`,
    [row.accountId, row.id, bytes, JSON.stringify(ranges)],
  );
}

/** Removes what was last written that many days ago, whichever machine has it. */
export async function expireUploads(sql: Sql, days: number): Promise<UploadRow[]> {
  const { rows } = await sql.query<UploadRow>(
    `delete from sftp_upload where written_at < now() - make_interval(days => $1) and state <> 'taken' returning ${columns}`,
    [days],
  );
  return rows;
}
