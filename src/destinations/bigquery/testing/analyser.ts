/**
 * Google's own analyser of GoogleSQL, from `tests/analyser` (`npm ci --prefix tests/analyser`). It knows types, names and
 * functions, and evaluates expressions; it runs no statements.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { WarehouseColumn } from '../sql.ts';

const home = new URL('../../../../tests/analyser/package.json', import.meta.url);
const library = '@fivetrandevelopers/zetasql';

export const analyserInstalled = existsSync(new URL(`node_modules/${library}`, home));

/** Tables by name, as a dataset has them. */
export type Catalogue = ReadonlyMap<string, readonly WarehouseColumn[]>;

export interface Analyser extends AsyncDisposable {
  /** Null when the statement is right, else what the analyser says. */
  complaint(sql: string): Promise<string | null>;
  /** The value of an expression of type STRING, else what the evaluator says. */
  evaluate(sql: string): Promise<string>;
}

type Method = (request: object, done: (error: Error | null, answer: Record<string, unknown>) => void) => void;

type Ask = (method: string, request: object) => Promise<Record<string, unknown>>;

/** @param parameters named parameters with their types */
export async function startAnalyser(
  place: { readonly projectId: string; readonly dataset: string },
  tables: Catalogue,
  parameters: Readonly<Record<string, string>>,
): Promise<Analyser> {
  const resolve = createRequire(home);
  const port = await freePort();
  const folder = join(dirname(resolve.resolve(library)), 'zetasql');
  const server = spawn(join(folder, binaryName()), ['localhost', String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(createInterface({ input: server.stdout }), 'line');
  const ask = connect(resolve, port);
  const languageOptions = await ask('getLanguageOptions', { maximumFeatures: true });
  const simpleCatalog = catalogueOf(place, tables, languageOptions);
  const options = {
    languageOptions: { ...languageOptions, supportedStatementKinds: statementKinds, productMode: 'PRODUCT_EXTERNAL' },
    queryParameters: Object.entries(parameters).map(([name, type]) => ({ name, type: typeOf(type) })),
  };
  return {
    complaint: (sql) => ask('analyze', { simpleCatalog, options, sqlStatement: sql }).then(() => null, wordsOf),
    evaluate: (sql) =>
      ask('evaluate', { sql, options: { languageOptions } }).then(
        ({ value }) => (value as { stringValue: string }).stringValue,
        wordsOf,
      ),
    [Symbol.asyncDispose]: async () => {
      server.kill('SIGKILL');
      await once(server, 'exit');
    },
  };
}

function connect(resolve: NodeJS.Require, port: number): Ask {
  const { ZetaSQLClient } = resolve(library) as {
    ZetaSQLClient: { init(port: number): void; API: Record<string, Method> };
  };
  ZetaSQLClient.init(port);
  return (method, request) =>
    new Promise((done, fail) => {
      ZetaSQLClient.API[method]?.(request, (error, answer) => (error ? fail(error) : done(answer)));
    });
}

function wordsOf(error: unknown): string {
  return (error as { details?: string }).details ?? String(error);
}

/** Project, dataset, table: each a catalogue within the other. */
function catalogueOf(
  { projectId, dataset }: { readonly projectId: string; readonly dataset: string },
  tables: Catalogue,
  languageOptions: object,
): object {
  const table = [...tables].map(([name, columns]) => ({
    name,
    column: columns.map((column) => ({ name: column.name, type: typeOf(column.type) })),
  }));
  const within = { name: projectId, catalog: [{ name: dataset, table }] };
  return { name: 'root', builtinFunctionOptions: { languageOptions }, catalog: [within] };
}

function typeOf(name: string): { readonly typeKind: string } {
  return { typeKind: `TYPE_${name}` };
}

const statementKinds = [
  'QUERY',
  'INSERT',
  'UPDATE',
  'DELETE',
  'MERGE',
  'BEGIN',
  'COMMIT',
  'ROLLBACK',
  'ASSERT',
  'GRANT',
  'CREATE_TABLE',
  'CREATE_VIEW',
  'ALTER_TABLE',
  'EXPORT_DATA',
].map((kind) => `RESOLVED_${kind}_STMT`);

function binaryName(): string {
  return `remote_server${process.arch.startsWith('arm') ? '_arm' : ''}${process.platform === 'darwin' ? '' : '.so'}`;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
