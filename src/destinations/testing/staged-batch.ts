/** Builders for staged batches: rows in, gzip JSON Lines files with size and hash out, as the exporter stages them. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { AppError } from '../../kernel/app-error.ts';
import { ulid } from '../../kernel/ids.ts';
import type { StagedBatch, StagedFile, StagedJson, TableSpec } from '../destination.ts';

/** JSON columns are given as their JSON text, so that a test decides every byte. */
export type TestRow = Readonly<Record<string, string | number | bigint | null>>;

/** One line as the exporter writes it: all columns of the table and `_deleted`. */
export function stagedLine(table: TableSpec, row: TestRow, json: StagedJson): string {
  const cells = table.columns.map(({ name, type }) => {
    const value = row[name] ?? null;
    return `${JSON.stringify(name)}:${cell(value, type === 'json' && json === 'value')}`;
  });
  return `{${cells.join(',')},"_deleted":false}`;
}

/** The line of a deletion. */
export function tombstoneLine(id: string, changeNumber: number | bigint): string {
  return `{"id":${JSON.stringify(id)},"_change_number":${changeNumber},"_deleted":true}`;
}

function cell(value: string | number | bigint | null, raw: boolean): string {
  if (typeof value === 'bigint') return String(value);
  return raw && typeof value === 'string' ? value : JSON.stringify(value);
}

/** Writes lines as one staged file into `folder`. */
export async function stageFile(folder: string, name: string, lines: readonly string[]): Promise<StagedFile> {
  const path = join(folder, name);
  const bytes = gzipSync(lines.map((line) => `${line}\n`).join(''), { level: 1 });
  await writeFile(path, bytes);
  return stagedFileAt(path, name, lines.length, bytes);
}

/** A staged file over a path that is checked at every use, like the exporter's own. */
export function stagedFileAt(path: string, name: string, rows: number, bytes: Buffer): StagedFile {
  const sha256 = sha256Hex(bytes);
  const verify = async (): Promise<void> => {
    const found = await readFile(path).catch((cause: unknown) => {
      throw new AppError('LOAD_FILE_MISSING', { details: { file: name }, cause });
    });
    if (sha256Hex(found) !== sha256) throw new AppError('UPLOAD_CORRUPT', { details: { file: name } });
  };
  return {
    name,
    rows,
    bytes: bytes.length,
    sha256,
    open: async () => {
      await verify();
      return createReadStream(path);
    },
    localPath: async () => {
      await verify();
      return path;
    },
  };
}

export interface BatchParts {
  readonly id?: string;
  readonly syncId?: string;
  readonly rows?: number;
  readonly fence?: number;
  readonly createdAt?: Date;
}

/** A batch over staged files; `parts` overrides what a test is about. */
export function stagedBatch(table: TableSpec, files: readonly StagedFile[], parts: BatchParts = {}): StagedBatch {
  return {
    id: parts.id ?? ulid(),
    runId: 'run-1',
    syncId: parts.syncId ?? 'sync-1',
    table,
    files,
    rows: parts.rows ?? files.reduce((sum, file) => sum + file.rows, 0),
    window: { from: 0, to: 1_000_000 },
    fence: parts.fence ?? 1,
    createdAt: parts.createdAt ?? new Date('2026-03-29T01:30:00Z'),
  };
}

function sha256Hex(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
