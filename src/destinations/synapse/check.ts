import { AppError } from '../../kernel/app-error.ts';
import { ulid } from '../../kernel/ids.ts';
import type { CheckStep } from '../destination.ts';
import { tables } from '../tables.ts';
import type { SqlConnection } from './connection.ts';
import type { Container } from './container.ts';
import type { SessionParts } from './load.ts';
import { probePool } from './probe.ts';
import { parseSas } from './sas.ts';
import { checkGates, checkTables } from './schema.ts';
import type { SynapseSettings } from './spec.ts';
import { begin, harmlessWrites, rollback, serverTime } from './sql.ts';
import { rootFolder } from './stage.ts';

const clockToleranceMs = 30_000;

type Translate = (error: unknown) => AppError;

interface Step {
  readonly id: string;
  readonly label: string;
}

const tablesStep: Step = { id: 'tables', label: 'Tables have the right columns' };
const rightsStep: Step = { id: 'rights', label: 'Rows can be written and deleted' };
const stageStep: Step = { id: 'stage', label: 'A file can be written, listed, read and deleted in the container' };
const probeStep: Step = { id: 'probe', label: 'The pool can copy a file from the container' };
const clockStep: Step = { id: 'clock', label: 'The clocks agree' };

/** Steps of the connection check: those of the pool and those of the container do not wait for each other. */
export async function* checkPool(
  parts: SessionParts,
  translate: Translate,
  signal: AbortSignal,
): AsyncIterable<CheckStep> {
  const { settings, container } = parts;
  const pool = new PoolSteps(parts, translate, signal);
  const expired = settingsStep(settings);
  yield expired;
  yield* pool.access();
  yield await pool.tried(tablesStep, async (connection) => {
    await checkTables(connection, Object.values(tables), signal);
    await checkGates(connection, Object.values(tables), signal);
    return 'All tables fit.';
  });
  const fits = pool.last?.outcome === 'passed';
  yield fits
    ? await pool.tried(rightsStep, (connection) => tryWrites(connection, signal))
    : skipped(rightsStep, 'The tables have to be right first.');
  const stage =
    expired.outcome === 'failed'
      ? skipped(stageStep, 'The shared access signature has to be renewed first.')
      : await tried(stageStep, translate, () => writeAndRead(container, signal));
  yield stage;
  yield stage.outcome === 'passed'
    ? await pool.tried(probeStep, (connection) => probePool(connection, container, settings, signal))
    : skipped(probeStep, 'The container has to be right first.');
  yield await pool.tried(clockStep, (connection) => compareClocks(connection, container, signal));
}

/** Steps on a connection; skipped when there is none. */
class PoolSteps {
  readonly #parts: SessionParts;
  readonly #translate: Translate;
  readonly #signal: AbortSignal;
  #reachable = false;
  last: CheckStep | null = null;

  constructor(parts: SessionParts, translate: Translate, signal: AbortSignal) {
    this.#parts = parts;
    this.#translate = translate;
    this.#signal = signal;
  }

  /** One attempt tells three steps apart by how it fails. */
  async *access(): AsyncIterable<CheckStep> {
    const { pool, settings } = this.#parts;
    const failure = await pool.use(this.#signal, async () => null).catch(this.#translate);
    this.#reachable = failure === null;
    yield* accessSteps(failure, settings);
  }

  async tried(step: Step, run: (connection: SqlConnection) => Promise<string>): Promise<CheckStep> {
    this.last = this.#reachable
      ? await tried(step, this.#translate, () => this.#parts.pool.use(this.#signal, run))
      : skipped(step, 'There is no connection to the pool.');
    return this.last;
  }
}

const beforeSignIn: ReadonlySet<string> = new Set([
  'NETWORK_UNREACHABLE',
  'NETWORK_BLOCKED',
  'NOT_FOUND_ACCOUNT',
  'TIMEOUT',
  'SETTINGS_INVALID',
  'CANCELLED',
  'UNKNOWN',
]);
const refused: ReadonlySet<string> = new Set(['AUTH_INVALID', 'AUTH_EXPIRED', 'AUTH_LOCKED']);

function* accessSteps(failure: AppError | null, settings: SynapseSettings): Iterable<CheckStep> {
  const steps = [
    { id: 'reach', label: 'The workspace answers', message: settings.workspace, codes: beforeSignIn },
    { id: 'sign-in', label: 'Username and password are accepted', message: settings.username, codes: refused },
    { id: 'database', label: 'The dedicated SQL pool is there and awake', message: settings.database, codes: null },
  ] as const;
  let failed = false;
  for (const { id, label, message, codes } of steps) {
    if (failed) {
      yield skipped({ id, label }, 'The step before failed.');
    } else if (failure && (codes === null || codes.has(failure.code))) {
      failed = true;
      yield { id, label, outcome: 'failed', error: failure };
    } else {
      yield { id, label, outcome: 'passed', message };
    }
  }
}

function settingsStep(settings: SynapseSettings): CheckStep {
  const step = { id: 'settings', label: 'The fields are well formed' };
  const { expires } = parseSas(settings.sharedAccessSignature);
  if (!expires)
    return { ...step, outcome: 'passed', message: 'A stored access policy decides when the signature ends.' };
  const days = Math.floor((expires.getTime() - Date.now()) / 86_400_000);
  if (days >= 0) return { ...step, outcome: 'passed', message: `The shared access signature ends in ${days} days.` };
  const error = new AppError('AUTH_EXPIRED', {
    summary: `The shared access signature ended at ${expires.toISOString()}.`,
    advice: 'Make a new shared access signature for the container (sp=rcwdl) and enter it in the connection.',
  });
  return { ...step, outcome: 'failed', error };
}

/** Needs every right that a load needs, and changes nothing. */
async function tryWrites(connection: SqlConnection, signal: AbortSignal): Promise<string> {
  await connection.run(begin, signal);
  try {
    for (const statement of harmlessWrites(Object.values(tables))) await connection.run(statement, signal);
  } finally {
    await connection.run(rollback, AbortSignal.timeout(10_000)).catch(() => undefined);
  }
  return 'Tried without a row, and rolled back.';
}

async function writeAndRead(container: Container, signal: AbortSignal): Promise<string> {
  const name = `${rootFolder}check/${ulid()}/probe.txt`;
  const text = 'Written by the connection check; safe to delete.';
  await container.put(name, text, signal);
  try {
    const same = (await container.list(name, signal)).includes(name) && (await container.read(name, signal)) === text;
    if (!same) throw new AppError('UPLOAD_CORRUPT', { summary: 'The probe file did not come back as written.' });
  } finally {
    await container.delete(name, signal);
  }
  return 'Written, listed, read and deleted.';
}

async function compareClocks(connection: SqlConnection, container: Container, signal: AbortSignal): Promise<string> {
  const asked = Date.now();
  const { rows } = await connection.run(serverTime, signal);
  // the server looked at its clock somewhere between question and answer
  const ours = (asked + Date.now()) / 2;
  const pool = Date.parse(`${String(rows[0]?.[0])}Z`) - ours;
  const differences = [pool, container.clockDifferenceMs ?? 0];
  const [largest = 0] = differences.sort((a, b) => Math.abs(b) - Math.abs(a));
  const seconds = Math.round(largest / 1000);
  const summary = `The clocks differ by ${seconds} s.`;
  if (Math.abs(largest) > clockToleranceMs) throw new AppError('CLOCK_SKEW', { summary, details: { seconds } });
  return summary;
}

async function tried(step: Step, translate: Translate, run: () => Promise<string>): Promise<CheckStep> {
  try {
    return { ...step, outcome: 'passed', message: await run() };
  } catch (error) {
    return { ...step, outcome: 'failed', error: translate(error) };
  }
}

function skipped(step: Step, message: string): CheckStep {
  return { ...step, outcome: 'skipped', message };
}
