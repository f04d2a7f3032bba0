/** What people do with an import: look, confirm, cancel. */
import type { Sql } from '../db/database.ts';
import { AppError } from '../kernel/app-error.ts';
import { readSample } from './check.ts';
import { fieldNamed } from './fields.ts';
import { missingFile } from './files.ts';
import { describe, findImport, keepTrouble, listImports, type ImportRow } from './import-table.ts';
import { inspect } from './inspect.ts';
import { mappingProblems, type Mapping } from './mapping.ts';
import { rememberMapping } from './mappings-table.ts';
import type { ImportsDeps } from './parts.ts';
import { previewOf } from './preview.ts';
import type { Confirmation, Imports } from './types.ts';

type Actions = Pick<Imports, 'list' | 'get' | 'review' | 'confirm' | 'cancel'>;

export function createActions(deps: ImportsDeps): Actions {
  const { db, queue, clock, log } = deps;
  return {
    async list(accountId, { cursor, size }) {
      const rows = await listImports(db, accountId, { cursor, limit: size + 1 });
      const items = rows.slice(0, size).map(describe);
      return { items, nextCursor: rows.length > size ? (items.at(-1)?.id ?? null) : null };
    },

    get: async (accountId, importId) => describe(await existing(db, accountId, importId)),

    async review(accountId, importId, signal) {
      const row = await existing(db, accountId, importId);
      if (row.storedName === null) throw missingFile();
      if (!row.mapping) throw notReadable(row);
      const sample = await readSample(deps, { storedName: row.storedName, bytes: row.bytes }, signal);
      const found = inspect(row.object, sample, row.bytes <= sample.length);
      if (!('mapping' in found)) throw new AppError('INVALID_INPUT', { summary: found.message, advice: found.advice });
      return {
        mapping: row.mapping,
        columns: found.headers.map((header, index) => ({ header, filled: 0, misfits: 0, ...found.facts[index] })),
        preview: previewOf(row, row.mapping, found.rows),
        doubts: row.status === 'review' ? row.remarks : [],
      };
    },

    async confirm(accountId, importId, confirmation) {
      const now = clock.now();
      await db.transaction(async (tx) => {
        const row = await existing(tx, accountId, importId);
        const mapping = checkedMapping(row, confirmation);
        const { count } = await tx.query(
          `update import set status = 'in_progress', mapping = $3, remarks = '[]', started_at = $4, touched_at = $4
            where account_id = $1 and id = $2 and status = 'review'`,
          [accountId, importId, JSON.stringify(mapping), now],
        );
        if (count === 0) throw notWaiting(row);
        if (confirmation.remember && row.headerKey !== null) {
          await rememberMapping(tx, accountId, row.headerKey, mapping, now);
        }
        await queue.add(tx, 'imports.run', { accountId, importId });
      });
      log.info({ accountId, importId }, 'import.confirmed');
      return describe(await existing(db, accountId, importId));
    },

    async cancel(accountId, importId, by) {
      const trouble = {
        message: `Cancelled by ${by}.`,
        advice: 'Rows that were in stay in. To import the others, upload the file again.',
      };
      const end = { status: 'incomplete', trouble, now: clock.now() } as const;
      const isCancelled = await keepTrouble(db, accountId, importId, end);
      const row = await existing(db, accountId, importId);
      if (!isCancelled) {
        throw new AppError('CONFLICT', {
          summary: `The import is over: it is ${row.status}.`,
          advice: 'Nothing to do.',
        });
      }
      log.info({ accountId, importId }, 'import.cancelled');
      return describe(row);
    },
  };
}

export async function existing(sql: Sql, accountId: number, importId: string): Promise<ImportRow> {
  const row = await findImport(sql, accountId, importId);
  if (!row) throw new AppError('NOT_FOUND', { summary: 'There is no such import.', details: { importId } });
  return row;
}

function notReadable(row: ImportRow): AppError {
  if (row.trouble) return new AppError('CONFLICT', { summary: row.trouble.message, advice: row.trouble.advice });
  return new AppError('CONFLICT', { summary: 'The file is still being looked at.', advice: 'Try again in a moment.' });
}

function notWaiting(row: ImportRow): AppError {
  const status = row.status === 'checking' ? 'still being looked at' : row.status.replace('_', ' ');
  return new AppError('CONFLICT', {
    summary: `The import does not wait for a review: it is ${status}.`,
    advice: 'Look at the import; upload the file again to import it another way.',
  });
}

/** The headers must be those of the file, in their order, so that nobody confirms what they have not seen. */
function checkedMapping(row: ImportRow, { mapping }: Confirmation): Mapping {
  if (!row.layout) throw notWaiting(row);
  const { headers } = row.layout;
  const isSame =
    mapping.columns.length === headers.length && mapping.columns.every((one, i) => one.header === headers[i]);
  if (!isSame) {
    throw new AppError('INVALID_INPUT', {
      summary: 'The mapping must name all columns of the file, in their order.',
      advice: 'Fetch the review again and send its mapping back with your changes.',
    });
  }
  const problems = mappingProblems(row.object, mapping);
  if (problems.length > 0) {
    const words = problems.map(({ column, message }) => (column === null ? message : `${column}: ${message}`));
    throw new AppError('INVALID_INPUT', {
      summary: `The mapping is not valid. ${words.join(' ')}`,
      details: { problems: problems.map(({ column, message }) => ({ field: column ?? 'mapping', message })) },
    });
  }
  // a field has the type it has, whatever was sent
  const columns = mapping.columns.map((column) => ({
    ...column,
    type: fieldNamed(row.object, column.target)?.type ?? column.type,
  }));
  return { ...mapping, columns, isConfirmed: true };
}
