/** One connection to the pool over tedious, with promises. Errors carry the server's number; `errors.ts` translates them. */
import { Connection, Request, TYPES } from 'tedious';
import { ServerError } from './server-error.ts';
import type { SynapseSettings } from './spec.ts';

export type SqlValue = string | number | bigint | null;

export interface SqlResult {
  readonly rows: readonly (readonly unknown[])[];
  /** As the server counted them. */
  readonly affected: number;
}

export interface SqlConnection extends Disposable {
  /** One statement; `values` are its `@names`. Cancels it on the server when the signal aborts. */
  run(sql: string, signal: AbortSignal, values?: Readonly<Record<string, SqlValue>>): Promise<SqlResult>;
  /** False once it broke or was closed. */
  isUsable(): boolean;
}

export interface Server {
  readonly host: string;
  readonly port: number;
  /** A server on this machine may have a certificate that nobody signed. */
  readonly local: boolean;
}

/** @param endpoint `tds://host:port` instead of the workspace's own */
export function serverOf(settings: SynapseSettings, endpoint: string | undefined): Server {
  if (endpoint === undefined) return { host: `${settings.workspace}.sql.azuresynapse.net`, port: 1433, local: false };
  const { hostname, port } = new URL(endpoint);
  return { host: hostname, port: Number(port), local: /^(127\.\d+\.\d+\.\d+|localhost)$/.test(hostname) };
}

type ConnectionConfiguration = ConstructorParameters<typeof Connection>[0];

/** Of `ISOLATION_LEVEL` in tedious: the only level that a dedicated pool lets a session ask for. */
const readUncommitted = 0x01;

const connectMs = 30_000;
/** A load may queue behind others in the pool. */
const statementMs = 3 * 60 * 60_000;

/** @throws Error of tedious, or ServerError when the server refused */
export async function connect(server: Server, settings: SynapseSettings, signal: AbortSignal): Promise<SqlConnection> {
  signal.throwIfAborted();
  const connection = new Connection(configOf(server, settings));
  let refusal: ServerError | null = null;
  connection.on('errorMessage', (token) => {
    refusal = new ServerError(token);
  });
  // a socket that breaks between two statements shows at the next one
  let broken = false;
  connection.on('error', () => {
    broken = true;
  });
  connection.on('end', () => {
    broken = true;
  });
  const close = (): void => connection.close();
  signal.addEventListener('abort', close, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      connection.connect((error) => (error ? reject(refusal ?? error) : resolve()));
    });
  } catch (error) {
    connection.close();
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', close);
  }
  return {
    run: (sql, signal, values) => execute(connection, sql, signal, values),
    isUsable: () => !broken,
    [Symbol.dispose]: close,
  };
}

function configOf(server: Server, settings: SynapseSettings): ConnectionConfiguration {
  return {
    server: server.host,
    authentication: { type: 'default', options: { userName: settings.username, password: settings.password } },
    options: {
      port: server.port,
      database: settings.database,
      appName: 'Wharf',
      encrypt: true,
      trustServerCertificate: server.local,
      connectTimeout: connectMs,
      requestTimeout: statementMs,
      cancelTimeout: 5000,
      maxRetriesOnTransientErrors: 1,
      connectionIsolationLevel: readUncommitted,
      // other session options than the pool's own are refused by some of its versions
      ...sessionDefaults,
    },
  };
}

/** Null leaves an option alone, which tedious takes, but its types do not tell. */
const sessionDefaults = {
  enableAnsiNull: null,
  enableAnsiNullDefault: null,
  enableAnsiPadding: null,
  enableAnsiWarnings: null,
  enableArithAbort: null,
  enableConcatNullYieldsNull: null,
  enableCursorCloseOnCommit: null,
  enableImplicitTransactions: null,
  enableNumericRoundabort: null,
  enableQuotedIdentifier: null,
  abortTransactionOnError: null,
} as unknown as NonNullable<ConnectionConfiguration['options']>;

async function execute(
  connection: Connection,
  sql: string,
  signal: AbortSignal,
  values: Readonly<Record<string, SqlValue>> | undefined,
): Promise<SqlResult> {
  signal.throwIfAborted();
  const rows: unknown[][] = [];
  const cancel = (): void => void connection.cancel();
  try {
    const affected = await new Promise<number>((resolve, reject) => {
      const request = new Request(sql, (error, count) => (error ? reject(error) : resolve(count ?? 0)));
      request.on('row', (columns: readonly { readonly value: unknown }[]) => {
        rows.push(columns.map(({ value }) => value));
      });
      signal.addEventListener('abort', cancel, { once: true });
      if (!values) {
        connection.execSqlBatch(request);
        return;
      }
      for (const [name, value] of Object.entries(values)) {
        const number = typeof value === 'number' || typeof value === 'bigint';
        request.addParameter(name, number ? TYPES.BigInt : TYPES.NVarChar, number ? String(value) : value);
      }
      connection.execSql(request);
    });
    return { rows, affected };
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}
