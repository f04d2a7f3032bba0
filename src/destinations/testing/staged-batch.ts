/** Builders for staged batches: rows in, gzip files with size and hash out, as the exporter stages them. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { AppError } from '../../kernel/app-error.ts';
import { ulid } from '../../kernel/ids.ts';
import { csvColumns } from '../tables.ts';
import type { LogicalType, StagedBatch, StagedFile, StagedFormat, TableSpec } from '../destination.ts';

/** JSON columns are given as their JSON text, so that a test decides every byte; times as ISO 8601 with offset. */
export type TestRow = Readonly<Record<string, Cell>>;
type Cell = string | number | bigint | null;

/** One row as the exporter writes it, without the line feed. */
export function stagedLine(table: TableSpec, row: TestRow, format: StagedFormat): string {
  if (format === 'csv') return csvRow(table, row, false);
  const cells = table.columns.map(({ name, type }) => ({ name, type, value: row[name] ?? null }));
  const write = format === 'flat-json-lines' ? flatValue : jsonValue;
  const members = cells.map(({ name, type, value }) => `${JSON.stringify(name)}:${write(value, type)}`);
  return `{${members.join(',')},"_deleted":false}`;
}

/** The row of a deletion. */
export function tombstoneLine(
  table: TableSpec,
  id: string,
  changeNumber: number | bigint,
  format: StagedFormat,
): string {
  if (format === 'csv') return csvRow(table, { id, _change_number: changeNumber }, true);
  const number = format === 'flat-json-lines' ? `"${changeNumber}"` : changeNumber;
  return `{"id":${JSON.stringify(id)},"_change_number":${number},"_deleted":true}`;
}

function csvRow(table: TableSpec, row: TestRow, deleted: boolean): string {
  return [...csvColumns(table).map(({ name, type }) => csvField(row[name] ?? null, type)), deleted].join('\t');
}

function jsonValue(value: Cell, type: LogicalType): string {
  if (typeof value === 'bigint') return String(value);
  return type === 'json' && typeof value === 'string' ? value : JSON.stringify(value);
}

function flatValue(value: Cell): string {
  return JSON.stringify(value === null ? null : String(value));
}

function csvField(value: Cell, type: LogicalType): string {
  if (value === null) return '';
  if (type === 'timestamp') return postgresTime(String(value));
  const text = String(value);
  const quoted = text === '' || ['\t', '\n', '\r', '\x01'].some((special) => text.includes(special));
  return quoted ? `\x01${text.replaceAll('\x01', '\x01\x01')}\x01` : text;
}

/** An ISO 8601 time as PostgreSQL writes it in UTC; what is no time stays as it is. */
function postgresTime(text: string): string {
  const [, micros = ''] = /\.(\d+)/.exec(text) ?? [];
  const time = new Date(text.replace(/\.\d+/, ''));
  if (Number.isNaN(time.getTime())) return text;
  const digits = micros.replace(/0+$/, '');
  return `${time.toISOString().slice(0, 19).replace('T', ' ')}${digits && `.${digits}`}+00`;
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
