/** What the connection check tries once the user is signed in. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { AppError } from '../../kernel/app-error.ts';
import { ulid } from '../../kernel/ids.ts';
import type { OpenContext, StagedFile } from '../destination.ts';
import { quoted } from '../staged-reader.ts';
import { csvColumns, metricTable } from '../tables.ts';
import * as catalog from './catalog.ts';
import type { Cell, Connection } from './connection.ts';
import { checkTables } from './schema.ts';
import type { RedshiftSettings, Staging } from './spec.ts';
import * as sql from './sql.ts';
import { stageFiles } from './stage-files.ts';
import { StagingBucket } from './staging-bucket.ts';

const clockToleranceMs = 30_000;

export interface ProbeBench {
  /** Null when there is none; only probes that do not come after `database` run then. */
  readonly connection: Connection | null;
  readonly settings: RedshiftSettings;
  readonly staging: Staging | null;
  readonly context: OpenContext;
  readonly signal: AbortSignal;
}

export interface Probe {
  readonly id: string;
  readonly label: string;
  /** Steps that must have passed, or been needless, before. */
  readonly after: readonly string[];
  /** Why there may be nothing to check. */
  readonly needless?: string;
  /** Resolves to what was found; null when there is nothing to check. */
  run(bench: ProbeBench): Promise<string | null>;
}

export const probes: readonly Probe[] = [
  {
    id: 'schema',
    label: 'The schema is visible',
    after: ['database'],
    run: signedIn(async (connection, { settings: { schema, username } }) => {
      if (!Number(await single(connection, catalog.schemaExists(schema)))) {
        throw new AppError('NOT_FOUND_SCHEMA', { summary: `There is no schema ${schema}.`, details: { schema } });
      }
      if (await single(connection, catalog.mayUseSchema(schema))) return schema;
      throw withoutRight(`USAGE on the schema ${schema}`, [
        `GRANT USAGE ON SCHEMA ${quoted(schema)} TO ${quoted(username)};`,
      ]);
    }),
  },
  {
    id: 'tables',
    label: 'The tables have the right columns',
    after: ['schema'],
    run: signedIn(async (connection, { settings }) => {
      await checkTables(connection, settings.schema, sql.warehouseTables);
      return sql.warehouseTables.map(({ name }) => name).join(', ');
    }),
  },
  {
    id: 'rights',
    label: 'The user has the rights that loading needs',
    after: ['tables'],
    run: signedIn(checkRights),
  },
  {
    id: 'stage',
    label: 'The staging bucket can be written, listed, read and emptied',
    after: [],
    needless: 'No staging bucket is configured: rows go in by INSERT statements.',
    run: async ({ staging, signal }) => (staging ? writeAndRead(staging, signal) : null),
  },
  {
    id: 'probe',
    label: 'A probe row can be loaded',
    after: ['rights', 'stage'],
    run: signedIn(loadProbe),
  },
  {
    id: 'isolation',
    label: 'How transactions are kept apart',
    after: ['database'],
    needless: 'The user may not see the isolation level.',
    run: signedIn(async (connection) => {
      // some administrators hide the view; nothing depends on it
      const level = await single(connection, catalog.isolationLevel).catch(() => null);
      return level === null ? null : `${String(level)}. Loads of Wharf take turns under either level.`;
    }),
  },
  {
    id: 'clock',
    label: 'The clocks agree',
    after: ['database'],
    run: signedIn(async (connection) => {
      const told = `${String(await single(connection, catalog.serverTime)).replace(' ', 'T')}Z`;
      const seconds = Math.round((Date.parse(told) - Date.now()) / 1000);
      const found = `The clock of Redshift differs by ${seconds} s.`;
      if (Math.abs(seconds) * 1000 <= clockToleranceMs) return found;
      throw new AppError('CLOCK_SKEW', { summary: found, details: { seconds } });
    }),
  },
];

function signedIn(run: (connection: Connection, bench: ProbeBench) => Promise<string | null>): Probe['run'] {
  return async (bench) => (bench.connection ? run(bench.connection, bench) : null);
}

async function single(connection: Connection, statement: string): Promise<Cell> {
  return (await connection.run(statement)).rows[0]?.[0] ?? null;
}

function withoutRight(rights: string, repair: readonly string[]): AppError {
  return new AppError('PERMISSION_MISSING', {
    summary: `The user lacks ${rights}.`,
    advice: `Run as an administrator: ${repair.join(' ')}`,
  });
}

async function checkRights(connection: Connection, { settings }: ProbeBench): Promise<string> {
  const { schema, username, database } = settings;
  const answers = (await connection.run(catalog.privileges(schema, sql.warehouseTables))).rows[0] ?? [];
  const lacking: string[] = [];
  const repair: string[] = [];
  const each = catalog.neededPrivileges.length;
  for (const [index, { name }] of sql.warehouseTables.entries()) {
    const missing = catalog.neededPrivileges.filter((_, i) => answers[index * each + i] !== true);
    if (missing.length === 0) continue;
    const names = missing.join(', ').toUpperCase();
    lacking.push(`${names} on ${name}`);
    repair.push(`GRANT ${names} ON ${sql.qualified(schema, name)} TO ${quoted(username)};`);
  }
  if (!(await single(connection, catalog.mayMakeTemporaryTables))) {
    lacking.push(`TEMP on the database ${database}`);
    repair.push(`GRANT TEMP ON DATABASE ${quoted(database)} TO ${quoted(username)};`);
  }
  if (lacking.length > 0) throw withoutRight(lacking.join('; '), repair);
  return 'Select, insert, update and delete on each table; temporary tables.';
}

async function writeAndRead(staging: Staging, signal: AbortSignal): Promise<string> {
  using bucket = new StagingBucket(staging);
  const key = `${staging.prefix}/probe-${ulid()}`;
  const body = 'Written by the connection check; safe to delete.';
  await bucket.put(key, body, signal);
  try {
    const listed = (await bucket.list(key, signal)).some((found) => found.key === key);
    if (!listed || (await bucket.read(key, signal)) !== body) {
      throw new AppError('UPLOAD_CORRUPT', { summary: 'The probe object did not come back as written.' });
    }
  } finally {
    await bucket.delete(key, signal);
  }
  return `${staging.bucket} in ${staging.region}`;
}

/** As a load does it, but into the temporary table only; and the statements of the merge on no row at all. */
async function loadProbe(connection: Connection, bench: ProbeBench): Promise<string> {
  await connection.run('BEGIN');
  try {
    await (bench.staging ? copyProbe(connection, bench.staging, bench) : insertProbe(connection));
    const landed = Number(await single(connection, sql.countStaged));
    if (landed !== 1) throw new AppError('COUNT_MISMATCH', { details: { landed } });
    await connection.run(sql.createWinner);
    await connection.run('DELETE FROM wharf_winner');
    for (const deleted of [true, false]) {
      await connection.run(sql.deleteReplaced(bench.settings.schema, metricTable.name, deleted));
    }
    await connection.run(sql.insertRows(bench.settings.schema, metricTable, new Date()));
  } finally {
    await connection.rollback();
  }
  return bench.staging ? 'Copied from the staging bucket and rolled back.' : 'Inserted and rolled back.';
}

async function insertProbe(connection: Connection): Promise<void> {
  await connection.run(sql.createStage(metricTable, 'VARCHAR(65535)'));
  const values = metricTable.columns.map(({ name }) => probeRow[name] ?? 'NULL');
  await connection.run(sql.insertStaged(`(${values.join(', ')}, FALSE)`));
}

const probeRow: Readonly<Record<string, string>> = { id: `'wharf-probe'`, _change_number: '0' };

async function copyProbe(connection: Connection, staging: Staging, { context, signal }: ProbeBench): Promise<void> {
  await connection.run(sql.createStage(metricTable, 'VARBYTE(16777216)'));
  const folder = await mkdtemp(join(context.tempDir, 'probe-'));
  using bucket = new StagingBucket(staging);
  try {
    const batch = { id: `probe-${ulid()}`, fence: 0, table: metricTable, files: [await probeFile(folder)] };
    await using files = await stageFiles(bucket, staging, batch, folder, signal);
    await connection.run(sql.copyManifest(files.manifestUrl, staging));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** One row as the exporter stages it. */
async function probeFile(folder: string): Promise<StagedFile> {
  const path = join(folder, 'probe.csv.gz');
  const fields: Readonly<Record<string, string>> = { id: 'wharf-probe', _change_number: '0' };
  const row = [...csvColumns(metricTable).map(({ name }) => fields[name] ?? ''), 'false'].join('\t');
  const bytes = gzipSync(`${row}\n`);
  await writeFile(path, bytes);
  return {
    name: 'probe.csv.gz',
    rows: 1,
    bytes: bytes.length,
    sha256: '',
    open: () => Promise.reject(new Error('read by its path only')),
    localPath: async () => path,
  };
}
