import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { prepareAccountRole } from './account-role.ts';
import type { Database, Tx } from './database.ts';

export interface Migration {
  /** `0001_accounts` */
  readonly name: string;
  readonly sql: string;
  readonly sha256: string;
}

/** Any constant: two processes that start together must not migrate together. */
const migrationLock = 7_201_953;

const folder = new URL('../../migrations/', import.meta.url).pathname;

export async function readMigrations(): Promise<Migration[]> {
  const files = (await readdir(folder)).filter((file) => /^\d{4}_[a-z0-9_]+\.sql$/.test(file)).sort();
  return Promise.all(
    files.map(async (file) => {
      const sql = await readFile(join(folder, file), 'utf8');
      return { name: file.slice(0, -4), sql, sha256: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/**
 * Applies the migrations that are missing, in one transaction, and returns their names. Sees to the role of `within`, too.
 * Forward only: a migration that was applied and then edited is refused.
 */
export async function migrate(database: Database): Promise<string[]> {
  const migrations = await readMigrations();
  return database.transaction(async (tx) => {
    await tx.query('select pg_advisory_xact_lock($1)', [migrationLock]);
    await tx.query(
      'create table if not exists migration (name text primary key, sha256 text not null, applied_at timestamptz not null default now())',
    );
    const applied = await appliedMigrations(tx);
    const fresh = migrations.filter((migration) => !applied.has(migration.name));
    for (const { name, sha256 } of migrations) {
      const known = applied.get(name);
      if (known !== undefined && known !== sha256) throw new Error(`migration ${name} was edited after it was applied`);
    }
    for (const { name, sql, sha256 } of fresh) {
      await tx.query(sql);
      await tx.query('insert into migration (name, sha256) values ($1, $2)', [name, sha256]);
    }
    await tx.query('select ensure_event_partitions(extract(year from now())::integer + 2)');
    if (database.rowLevelSecurity) await prepareAccountRole(tx);
    return fresh.map((migration) => migration.name);
  });
}

async function appliedMigrations(tx: Tx): Promise<Map<string, string>> {
  const { rows } = await tx.query<{ name: string; sha256: string }>('select name, sha256 from migration');
  return new Map(rows.map((row) => [row.name, row.sha256]));
}
