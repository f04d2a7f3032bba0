/** Who may do what. The administrator may do all. */
import { SqlError } from './sql-error.ts';
import type { ObjectName } from './catalogue.ts';
import { isSign, type SqlToken } from './tokens-of-sql.ts';

export type Right = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE' | 'ALTER';

const database = 'database';

export class Grants {
  readonly #held = new Set<string>();

  /** `GRANT rights [ON [SCHEMA::]object] TO user`, and the same with REVOKE or DENY and FROM. */
  apply(tokens: readonly SqlToken[]): void {
    const on = tokens.findIndex(({ word }) => word === 'ON');
    const to = tokens.findLastIndex(({ word }) => word === 'TO' || word === 'FROM');
    const rights = words(tokens.slice(1, on === -1 ? to : on)).split(' , ');
    const scope = on === -1 ? database : scopeOf(tokens.slice(on + 1, to));
    const user = tokens[to + 1]?.value ?? '';
    for (const right of rights) {
      if (tokens[0]?.word === 'GRANT') this.#held.add(key(user, right, scope));
      else this.#held.delete(key(user, right, scope));
    }
  }

  /** @throws SqlError 229 */
  needs(user: string, right: Right, { schema, name }: ObjectName, pool: string): void {
    const object = scopeName(schema, name);
    const scopes = [object, schemaScope(schema), database];
    if (scopes.some((scope) => this.#held.has(key(user, right, scope)))) return;
    const where = `on the object '${name}', database '${pool}', schema '${schema}'`;
    throw new SqlError(229, `The ${right} permission was denied ${where}.`, { severity: 14, state: 5 });
  }

  /** @throws SqlError 262, 2760 */
  needsToCreate(user: string, schema: string, pool: string): void {
    if (!this.#held.has(key(user, 'CREATE TABLE', database))) {
      throw new SqlError(262, `CREATE TABLE permission denied in database '${pool}'.`, { severity: 14 });
    }
    if (this.#held.has(key(user, 'ALTER', schemaScope(schema)))) return;
    const reason = 'either does not exist or you do not have permission to use it.';
    throw new SqlError(2760, `The specified schema name "${schema}" ${reason}`);
  }

  /** @throws SqlError 4834 */
  needsBulk(user: string): void {
    if (this.#held.has(key(user, 'ADMINISTER DATABASE BULK OPERATIONS', database))) return;
    throw new SqlError(4834, 'You do not have permission to use the bulk load statement.');
  }
}

function scopeOf(tokens: readonly SqlToken[]): string {
  if (tokens[0]?.word === 'SCHEMA') return schemaScope(tokens[2]?.value ?? '');
  const [schema, dot, name] = tokens;
  return isSign(dot, '.') ? scopeName(schema?.value ?? '', name?.value ?? '') : scopeName('dbo', schema?.value ?? '');
}

const schemaScope = (schema: string): string => `schema ${schema.toLowerCase()}`;
const scopeName = (schema: string, name: string): string => `${schema}.${name}`.toLowerCase();
const key = (user: string, right: string, scope: string): string => `${user.toLowerCase()}|${right}|${scope}`;
const words = (tokens: readonly SqlToken[]): string =>
  tokens
    .map(({ value }) => value)
    .join(' ')
    .toUpperCase();
