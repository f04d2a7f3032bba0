/** COPY INTO a table FROM (SELECT members of $1 FROM a folder of the user's stage), of gzipped JSON lines. */
import * as errors from './errors.ts';
import { rowsetFrom } from './rowset.ts';
import type { Run, Session } from './session.ts';
import { stagePath, type Answer, type Statement } from './statement.ts';
import type { StagedEntry } from './stage.ts';
import { Cursor, tokenize } from './tokens.ts';
import { applyEdits, tableRefs, toEngine } from './translate.ts';

const resultColumns = [
  'file',
  'status',
  'rows_parsed',
  'rows_loaded',
  'error_limit',
  'errors_seen',
  'first_error',
  'first_error_line',
  'first_error_character',
  'first_error_column_name',
];

export async function copyInto(session: Session, statement: Statement, run: Run): Promise<Answer> {
  const refs = tableRefs(statement.tokens);
  for (const ref of refs) await session.allow(ref);
  session.wakeWarehouse();
  const files = await session.world.stages.list(session.user.name, stagePath(statement.tokens));
  if (files.length === 0) return rowsetFrom(['status'], [['Copy executed with 0 files processed.']]);
  const [target] = refs;
  if (!target) throw errors.notSupported('COPY');
  const { columns, select, members } = readCopy(statement);
  return session.transacted([], true, run, async () => {
    const rows = [];
    const alone = !session.transaction;
    if (alone) await session.connection.run('BEGIN');
    try {
      for (const file of files) {
        const source = `${select} FROM ${readLines(file, members)}`;
        const result = await session.connection.run(
          `INSERT INTO ${session.inEngine(target.parts)} (${columns}) ${source}`,
        );
        rows.push([file.name, 'LOADED', result.rowsChanged, result.rowsChanged, 1, 0, null, null, null, null]);
      }
      if (alone) await session.connection.run('COMMIT');
    } catch (error) {
      if (alone) await session.connection.run('ROLLBACK');
      throw errors.fromCast(errors.fromEngine(error));
    }
    return rowsetFrom(resultColumns, rows);
  });
}

interface CopyParts {
  /** Between the parentheses after the table's name. */
  readonly columns: string;
  /** For DuckDB, up to FROM. */
  readonly select: string;
  /** Of the lines, with the type in which DuckDB shall read each. */
  readonly members: ReadonlyMap<string, string>;
}

function readCopy({ sql, tokens }: Statement): CopyParts {
  const cursor = new Cursor(tokens);
  cursor.seek('(');
  const columnsStart = cursor.token?.start ?? 0;
  cursor.seek(')');
  const columns = sql.slice(columnsStart, tokens[cursor.at - 1]?.start);
  cursor.seek('FROM', '(');
  const first = cursor.at;
  cursor.seek('FROM');
  const inner = tokens.slice(first, cursor.at - 1);
  const members = new Map<string, string>();
  const edits: { start: number; end: number; text: string }[] = [];
  for (const [i, token] of inner.entries()) {
    const member = inner[i + 2];
    if (token.value !== '$1' || inner[i + 1]?.value !== ':' || !member) continue;
    members.set(member.value, inner[i + 3]?.value === '::' ? 'VARCHAR' : 'JSON');
    edits.push({ start: token.start, end: inner[i + 1]?.end ?? token.end, text: '' });
  }
  const start = inner[0]?.start ?? 0;
  const end = inner.at(-1)?.end ?? start;
  const bare = applyEdits(sql.slice(start, end), shifted(edits, start));
  return { columns, select: toEngine(bare, tokenize(bare), [], () => ''), members };
}

function shifted(edits: readonly { start: number; end: number; text: string }[], by: number) {
  return edits.map(({ start, end, text }) => ({ start: start - by, end: end - by, text }));
}

function readLines(file: StagedEntry, members: ReadonlyMap<string, string>): string {
  const columns = [...members].map(([name, type]) => `'${name.replaceAll("'", "''")}': '${type}'`);
  const path = file.path.replaceAll("'", "''");
  return `read_json('${path}', format = 'newline_delimited', compression = 'gzip', maximum_object_size = 134217728,
columns = {${columns.join(', ')}})`;
}
