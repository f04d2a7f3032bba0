import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, inject } from 'vitest';
import { Database } from '../database.ts';

/**
 * A database of the test file's own, copied from the migrated template before its first test and dropped after its last.
 * Call at the top of a `.pg.test.ts` file and use the returned getter inside tests.
 */
export function testDatabase(): () => Database {
  let database: Database | undefined;
  const name = `test_${randomBytes(6).toString('hex')}`;

  beforeAll(async () => {
    await asAdmin(`create database ${name} template wharf`);
    const url = new URL(inject('postgresUrl'));
    url.pathname = `/${name}`;
    database = new Database(url.href);
  });

  afterAll(async () => {
    await database?.[Symbol.asyncDispose]();
    await asAdmin(`drop database if exists ${name} with (force)`);
  });

  return () => {
    if (!database) throw new Error('testDatabase() may be read inside tests only');
    return database;
  };
}

async function asAdmin(statement: string): Promise<void> {
  const url = new URL(inject('postgresUrl'));
  url.pathname = '/postgres';
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    // two files that start together must not copy the template at the same moment
    await client.query('select pg_advisory_lock(1)');
    await client.query(statement);
  } finally {
    await client.end();
  }
}
