/** Errors as Snowflake words them. Codes and texts are those seen in public reports; see `double.md`. */

export class VendorError extends Error {
  readonly code: string;
  readonly sqlState: string;

  constructor(code: string, sqlState: string, message: string) {
    super(message);
    this.code = code;
    this.sqlState = sqlState;
  }
}

const compilation = 'SQL compilation error:';

export const doesNotExist = (kind: string, name: string): VendorError =>
  new VendorError('002003', '02000', `${compilation}\n${kind} '${name}' does not exist or not authorized.`);

export const tableDoesNotExist = (name: string): VendorError =>
  new VendorError('002003', '42S02', `${compilation}\nObject '${name}' does not exist or not authorized.`);

export const cannotUse = (): VendorError =>
  new VendorError('002043', '02000', `${compilation}\nObject does not exist, or operation cannot be performed.`);

export const insufficientPrivileges = (kind: string, name: string): VendorError =>
  new VendorError(
    '003001',
    '42501',
    `SQL access control error:\nInsufficient privileges to operate on ${kind} '${name}'`,
  );

export const noWarehouse = (): VendorError =>
  new VendorError(
    '000606',
    '57P03',
    "No active warehouse selected in the current session.  Select an active warehouse with the 'use warehouse' command.\n",
  );

export const suspended = (name: string): VendorError =>
  new VendorError(
    '000608',
    '57P03',
    `Warehouse '${name}' is suspended. Use 'alter warehouse ${name} resume;' command if you need to use it again.`,
  );

export const lockTimeout = (table: string, transaction: string): VendorError =>
  new VendorError(
    '000625',
    '57014',
    `Statement was aborted because the number of waiters for this lock exceeds the limit or the lock on table '${table}' held by transaction ${transaction} was not released in time.`,
  );

export const canceled = (): VendorError => new VendorError('000604', '57014', 'SQL execution canceled');

export const notSupported = (what: string): VendorError =>
  new VendorError('002040', '42601', `${compilation}\nUnsupported statement type '${what}'.`);

/** What DuckDB says, as Snowflake would. */
export function fromEngine(thrown: unknown): VendorError {
  if (thrown instanceof VendorError) return thrown;
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const [line = ''] = text.split('\n');
  for (const [pattern, toError] of translations) {
    const match = pattern.exec(text);
    if (match) return toError(match[1] ?? '', line);
  }
  return new VendorError('300002', 'XX000', `Internal error of the stand-in: ${line}`);
}

/** Members of a VARIANT that do not fit a type have an error of their own. */
export function fromCast(error: VendorError): VendorError {
  if (error.code !== '100035' && error.code !== '100038') return error;
  const [, value = ''] = /'(.*)'/s.exec(error.message) ?? [];
  const type = error.code === '100035' ? 'TIMESTAMP_TZ' : 'FIXED';
  return new VendorError('100071', '22000', `Failed to cast variant value "${value}" to ${type}`);
}

const translations: readonly (readonly [RegExp, (part: string, line: string) => VendorError])[] = [
  [/INTERRUPT/, canceled],
  [
    /Malformed JSON/,
    (_, line) =>
      new VendorError('100069', '22P02', `Error parsing JSON: ${line}\n  File 'wharf/part', line 1, character 1`),
  ],
  [
    /NOT NULL constraint failed: \S+\.(\w+)/,
    (column) => new VendorError('100072', '22000', `NULL result in a non-nullable column ${column}`),
  ],
  [
    /(?:timestamp|date) field value out of range: "([^"]*)"|invalid timestamp field format: "([^"]*)"/,
    (value) => new VendorError('100035', '22007', `Timestamp '${value}' is not recognized`),
  ],
  [
    /Could not convert string "([^"]*)" to (?:DECIMAL|BOOL|INT)/i,
    (value) => new VendorError('100038', '22018', `Numeric value '${value}' is not recognized`),
  ],
  [
    /Conversion Error: .*?"([^"]*)"/s,
    (value) => new VendorError('100038', '22018', `Value '${value}' is not recognized`),
  ],
  [/Table with name (\S+) does not exist/, tableDoesNotExist],
  [
    /(?:Referenced column|column) "(\w+)" not found|does not have a column named "(\w+)"|with name "?(\w+)"? (?:does not|that does not) exist/,
    (column) =>
      new VendorError('000904', '42000', `${compilation} error line 1 at position 0\ninvalid identifier '${column}'`),
  ],
  [
    /Parser Error: (.*)/,
    (what) =>
      new VendorError('001003', '42000', `${compilation}\nsyntax error line 1 at position 0 unexpected: ${what}`),
  ],
  [
    /Binder Error: (.*)/,
    (what) => new VendorError('001007', '22023', `${compilation}\ninvalid type or expression: ${what}`),
  ],
];
