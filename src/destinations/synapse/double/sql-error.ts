import type { SqlFailure } from './tokens.ts';

/** An error as the pool would send it. */
export class SqlError extends Error implements SqlFailure {
  readonly number: number;
  readonly severity: number;
  readonly state: number;

  constructor(number: number, message: string, { severity = 16, state = 1 } = {}) {
    super(message);
    this.name = 'SqlError';
    this.number = number;
    this.severity = severity;
    this.state = state;
  }
}

/** What DuckDB says, as the pool would say it. */
export function sqlErrorOf(thrown: unknown): SqlError {
  if (thrown instanceof SqlError) return thrown;
  const [message = ''] = (thrown instanceof Error ? thrown.message : String(thrown)).split('\n');
  for (const [pattern, number, say] of sayings) {
    const match = pattern.exec(message);
    if (match) return new SqlError(number, say(match[1] ?? message));
  }
  return new SqlError(50_000, message);
}

const sayings: readonly (readonly [RegExp, number, (found: string) => string])[] = [
  [/Table with name (\S+) does not exist/, 208, (name) => `Invalid object name '${name}'.`],
  [/Referenced (?:column|table) "([^"]+)" not found/, 207, (name) => `Invalid column name '${name}'.`],
  [/does not have a column with name "?([^"\s]+)"?/, 207, (name) => `Invalid column name '${name}'.`],
  [/column "([^"]+)" does not exist/i, 207, (name) => `Invalid column name '${name}'.`],
  [
    /NOT NULL constraint failed: (\S+)/,
    515,
    (name) => `Cannot insert the value NULL into column '${name}'; column does not allow nulls. INSERT fails.`,
  ],
  [/CHECK constraint failed/, 2628, () => 'String or binary data would be truncated.'],
  [/Parser Error: (.*)/, 103_010, (text) => `Parse error at line: 1, column: 1: ${text}`],
  [/Conversion Error: (.*)/, 245, (text) => `Conversion failed: ${text}`],
  [/Current transaction is aborted/, 111_233, () => doomed.message],
  [/INTERRUPT Error/, 0, () => 'Operation cancelled by user.'],
];

export const doomed = new SqlError(
  111_233,
  '111233;The current transaction has aborted, and any pending changes have been rolled back. The cause of this issue is that a transaction in a rollback-only state was not explicitly rolled back before a DDL, DML, or SELECT statement.',
);
