/** Mappings that people confirmed, remembered for the next file with the same headers. */
import type { Sql } from '../db/database.ts';
import { stringifyJson } from '../kernel/json-text.ts';
import type { Mapping } from './mapping.ts';

export async function rememberedMapping(sql: Sql, accountId: number, headerKey: string): Promise<Mapping | null> {
  const { rows } = await sql.query<{ mapping: Mapping }>(
    'select mapping from import_mapping where account_id = $1 and header_key = $2',
    [accountId, headerKey],
  );
  return rows[0]?.mapping ?? null;
}

export async function rememberMapping(
  sql: Sql,
  accountId: number,
  headerKey: string,
  mapping: Mapping,
  now: Date,
): Promise<void> {
  await sql.query(
    `insert into import_mapping (account_id, header_key, mapping, saved_at) values ($1, $2, $3, $4)
     on conflict (account_id, header_key) do update set mapping = excluded.mapping, saved_at = excluded.saved_at`,
    [accountId, headerKey, stringifyJson(mapping), now],
  );
}
