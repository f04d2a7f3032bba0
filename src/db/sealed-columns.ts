/** Where sealed values are stored, so that they can be sealed anew with another key. */
import { seal, unseal, type SealingKeys } from '../kernel/sealed.ts';
import type { Database, Sql } from './database.ts';

/** `context`: SQL of what the value is sealed for. Each has the trigger `retired_key`. */
const sealedColumns = [
  { table: 'destination', column: 'secrets', context: `format('account:%s:destination', account_id)` },
  { table: 'ssh_host_key', column: 'private_key', context: `format('ssh host key %s', type)` },
  { table: 'alert_address', column: 'sealed', context: `format('account %s alert address %s', account_id, id)` },
] as const;

type SealedColumn = (typeof sealedColumns)[number];

/**
 * Seals with the first key what the others sealed, yielding 1 after each value. May be stopped anywhere and run by several at once.
 * Values of keys that are not among these stay as they are.
 */
export async function* reseal(db: Database, keys: SealingKeys): AsyncGenerator<number, void, void> {
  for (const place of sealedColumns) {
    const { table, column, context } = place;
    const { rows } = await db.query<{ sealed: string; context: string }>(
      `select ${column} as sealed, ${context} as context from ${table} where ${keyOf(place)} = any($1)`,
      [olderIds(keys)],
    );
    for (const { sealed, context } of rows) {
      const anew = seal(keys, unseal(keys, sealed, context), context);
      // not when somebody has entered other credentials meanwhile
      await db.query(`update ${table} set ${column} = $2 where ${column} = $1`, [sealed, anew]);
      yield 1;
    }
  }
}

/** From here on the database takes nothing sealed with the older keys. False, and nothing done, while something needs one. */
export async function retireKeys(db: Database, keys: SealingKeys): Promise<boolean> {
  return db.transaction(async (tx) => {
    // whoever has sealed something commits it before, or is refused
    await tx.query(`lock table ${sealedColumns.map(({ table }) => table).join(', ')} in share row exclusive mode`);
    const counts = sealedColumns.map((place) => `select 1 from ${place.table} where ${keyOf(place)} = any($1)`);
    const { count } = await tx.query(`${counts.join(' union all ')} limit 1`, [olderIds(keys)]);
    if (count > 0) return false;
    await tx.query('insert into retired_key (id) select unnest($1::text[]) on conflict do nothing', [olderIds(keys)]);
    return true;
  });
}

/** The keys a process starts with are in use, whatever became of them before. */
export async function acceptKeys(sql: Sql, keys: SealingKeys): Promise<void> {
  await sql.query('delete from retired_key where id = any($1)', [keys.map(({ id }) => id)]);
}

function olderIds(keys: SealingKeys): string[] {
  return keys.slice(1).map(({ id }) => id);
}

function keyOf({ column }: SealedColumn): string {
  return `split_part(${column}, '.', 2)`;
}
