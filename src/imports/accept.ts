import { ulid } from '../kernel/ids.ts';
import { storedName } from './files.ts';
import type { ImportsDeps } from './parts.ts';
import type { FinishedUpload } from './types.ts';

/** File first, row and job after it in one transaction: what is left of a crash in between is a file nobody names. */
export async function acceptUpload(
  { db, files, queue, clock, log }: ImportsDeps,
  uploadId: string,
  upload: FinishedUpload,
): Promise<{ readonly importId: string }> {
  const { accountId } = upload;
  const known = await findUpload(db, accountId, uploadId);
  if (known !== null) return { importId: known };
  const name = storedName(accountId, uploadId);
  await files.keep(name, upload.path);
  const now = clock.now();
  const importId = ulid(now.getTime());
  const added = await db.transaction(async (tx) => {
    const { count } = await tx.query(
      `insert into import (account_id, id, upload_id, object, file_name, stored_name, bytes, source, imported_by,
         may_consent, status, created_at, touched_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'checking', $11, $11)
       on conflict (account_id, upload_id) do nothing`,
      [
        accountId,
        importId,
        uploadId,
        upload.object,
        upload.fileName,
        name,
        upload.bytes,
        upload.source,
        upload.by,
        upload.mayConsent,
        now,
      ],
    );
    if (count > 0) await queue.add(tx, 'imports.run', { accountId, importId });
    return count > 0;
  });
  if (!added) return { importId: (await findUpload(db, accountId, uploadId)) ?? importId };
  log.info({ accountId, importId, object: upload.object, bytes: upload.bytes }, 'import.accepted');
  return { importId };
}

async function findUpload(db: ImportsDeps['db'], accountId: number, uploadId: string): Promise<string | null> {
  const { rows } = await db.query<{ id: string }>('select id from import where account_id = $1 and upload_id = $2', [
    accountId,
    uploadId,
  ]);
  return rows[0]?.id ?? null;
}
