import { AppError } from '../../kernel/app-error.ts';
import type { CheckStep } from '../destination.ts';
import { tables } from '../tables.ts';
import { baseUrl } from './driver.ts';
import { Link } from './link.ts';
import { loadProbeRow, tryStage } from './probe.ts';
import { bookkeeping, checkTable, warehouseTable } from './schema.ts';
import { bareName, literal, quoted } from './identifiers.ts';
import type { SnowflakeSettings } from './spec.ts';
import { sessionParameters, type Place } from './sql.ts';

export interface Checked {
  readonly settings: SnowflakeSettings;
  readonly endpoint: string | null;
  readonly place: Place;
  readonly tempDir: string;
}

type Translate = (error: unknown) => AppError;

/** A key-pair token lives two minutes, so that larger differences make every sign-in fail. */
const clockToleranceMs = 30_000;
/** A check does not wait for a load that is under way. */
const lockSeconds = 30;

interface Part {
  readonly id: string;
  readonly label: string;
  /** Steps without which this one cannot be tried. */
  readonly needs: readonly string[];
  /** Resolves to what was found. */
  run(link: Link, checked: Checked, signal: AbortSignal): Promise<string>;
}

const parts: readonly Part[] = [
  { id: 'warehouse', label: 'The compute warehouse can be used', needs: [], run: findWarehouse },
  { id: 'database', label: 'The database is visible', needs: [], run: findDatabase },
  { id: 'schema', label: 'The schema is visible', needs: ['database'], run: findSchema },
  {
    id: 'tables',
    label: 'Tables have the right columns',
    needs: ['schema'],
    run: async (link, { place }, signal) => {
      const wanted = [...Object.values(tables).map(warehouseTable), ...bookkeeping];
      for (const table of wanted) await checkTable(link, place, table, signal);
      return wanted.map(({ name }) => name).join(', ');
    },
  },
  { id: 'stage', label: 'A file can be uploaded, listed and removed', needs: [], run: tryStage },
  {
    id: 'probe',
    label: 'A probe row can be loaded, and rolled back',
    needs: ['warehouse', 'tables', 'stage'],
    run: loadProbeRow,
  },
];

/** Steps of the connection check, in a session of its own. */
export async function* checkWarehouse(
  checked: Checked,
  translate: Translate,
  signal: AbortSignal,
): AsyncIterable<CheckStep> {
  yield { id: 'settings', label: 'The fields are well formed', outcome: 'passed' };
  const { settings, endpoint } = checked;
  const clockDifferenceMs = await differenceTo(baseUrl(settings, endpoint), signal);
  const opened = await openLink(checked, signal).catch(translate);
  const failure = opened instanceof AppError ? becauseOfClock(opened, clockDifferenceMs) : null;
  yield* accessSteps(failure, checked);
  const failed = new Set<string>();
  try {
    for (const part of parts) {
      const step =
        opened instanceof Link
          ? await tried(part, failed, () => part.run(opened, checked, signal), translate)
          : skipped(part, 'Nobody could sign in.');
      if (step.outcome !== 'passed') failed.add(part.id);
      yield step;
    }
  } finally {
    if (opened instanceof Link) await opened.close();
  }
  yield clockStep(clockDifferenceMs);
}

async function openLink({ settings, endpoint }: Checked, signal: AbortSignal): Promise<Link> {
  const link = await Link.open(settings, endpoint, signal);
  try {
    await link.run(sessionParameters('wharf check', lockSeconds), signal);
    return link;
  } catch (error) {
    await link.close();
    throw error;
  }
}

async function tried(
  part: Part,
  failed: ReadonlySet<string>,
  run: () => Promise<string>,
  translate: Translate,
): Promise<CheckStep> {
  const missing = part.needs.find((id) => failed.has(id));
  if (missing) return skipped(part, `The step ${missing} did not pass.`);
  try {
    return { id: part.id, label: part.label, outcome: 'passed', message: await run() };
  } catch (error) {
    return { id: part.id, label: part.label, outcome: 'failed', error: translate(error) };
  }
}

function skipped({ id, label }: Part, message: string): CheckStep {
  return { id, label, outcome: 'skipped', message };
}

const unreachable: ReadonlySet<string> = new Set([
  'NETWORK_UNREACHABLE',
  'NOT_FOUND_ACCOUNT',
  'TIMEOUT',
  'SETTINGS_INVALID',
  'CANCELLED',
]);

/** One attempt to sign in tells two steps apart by how it fails. */
function* accessSteps(failure: AppError | null, { settings, endpoint }: Checked): Iterable<CheckStep> {
  const reach = { id: 'reach', label: 'The account answers' };
  const signIn = { id: 'sign-in', label: 'The user can sign in' };
  if (failure && unreachable.has(failure.code)) {
    yield { ...reach, outcome: 'failed', error: failure };
    yield { ...signIn, outcome: 'skipped', message: 'The account did not answer.' };
    return;
  }
  yield { ...reach, outcome: 'passed', message: baseUrl(settings, endpoint) };
  if (failure) yield { ...signIn, outcome: 'failed', error: failure };
  else yield { ...signIn, outcome: 'passed', message: settings.username };
}

/** Snowflake says of a token from another time only that it is invalid. */
function becauseOfClock(failure: AppError, differenceMs: number | null): AppError {
  const isSkewed = differenceMs !== null && Math.abs(differenceMs) > clockToleranceMs;
  return failure.code === 'AUTH_INVALID' && isSkewed ? clockSkew(differenceMs) : failure;
}

function clockSkew(differenceMs: number): AppError {
  const seconds = Math.round(differenceMs / 1000);
  return new AppError('CLOCK_SKEW', {
    summary: `The clock of Snowflake differs by ${seconds} s from that of Wharf.`,
    details: { seconds },
  });
}

function clockStep(differenceMs: number | null): CheckStep {
  const step = { id: 'clock', label: 'The clocks agree' };
  if (differenceMs === null) return { ...step, outcome: 'skipped', message: 'The account told no time.' };
  if (Math.abs(differenceMs) > clockToleranceMs) return { ...step, outcome: 'failed', error: clockSkew(differenceMs) };
  return { ...step, outcome: 'passed', message: `They differ by ${Math.round(differenceMs / 1000)} s.` };
}

/** Milliseconds by which the server is ahead, to about a second; null when it does not tell. */
async function differenceTo(url: string, signal: AbortSignal): Promise<number | null> {
  const askedAt = Date.now();
  const within = AbortSignal.any([signal, AbortSignal.timeout(10_000)]);
  const reply = await fetch(url, { method: 'HEAD', redirect: 'manual', signal: within }).catch(() => null);
  const date = Date.parse(reply?.headers.get('date') ?? '');
  return Number.isNaN(date) ? null : date + 500 - (askedAt + Date.now()) / 2;
}

async function findWarehouse(link: Link, { settings }: Checked, signal: AbortSignal): Promise<string> {
  const name = bareName(settings.warehouse);
  // the session has none when the one it asked for is not there, or may not be used
  const [current] = await link.run('SELECT CURRENT_WAREHOUSE() AS "NAME"', signal);
  if (current?.['NAME'] !== name) {
    throw new AppError('NOT_FOUND_WAREHOUSE', {
      summary: `The compute warehouse ${name} does not exist, or the user cannot use it.`,
      advice: `Check the name, or run: GRANT USAGE ON WAREHOUSE ${quoted(name)} TO ROLE <role of the user>;`,
    });
  }
  const [warehouse] = await named(link, 'WAREHOUSES', name, '', signal);
  const sleeps = warehouse?.['state'] === 'SUSPENDED';
  if (sleeps && warehouse['auto_resume'] === 'false') {
    throw new AppError('SUSPENDED', {
      summary: `The compute warehouse ${name} is suspended and does not resume by itself.`,
      advice: `Run: ALTER WAREHOUSE ${quoted(name)} SET AUTO_RESUME = TRUE; the sync goes on by itself.`,
    });
  }
  return sleeps ? `${name}; it is asleep and wakes when it is needed.` : name;
}

async function findDatabase(link: Link, { place }: Checked, signal: AbortSignal): Promise<string> {
  if ((await named(link, 'DATABASES', place.database, '', signal)).length > 0) return place.database;
  throw new AppError('NOT_FOUND_DATABASE', {
    summary: `The database ${place.database} does not exist, or the user cannot see it.`,
    advice: 'Check the name, or run the set-up script, which makes the database and its grants.',
  });
}

async function findSchema(link: Link, { place }: Checked, signal: AbortSignal): Promise<string> {
  const found = await named(link, 'SCHEMAS', place.schema, ` IN DATABASE ${quoted(place.database)}`, signal);
  if (found.length > 0) return place.schema;
  throw new AppError('NOT_FOUND_SCHEMA', {
    summary: `The schema ${place.schema} does not exist in ${place.database}, or the user cannot see it.`,
    advice: 'Check the name, or run the set-up script, which makes the schema and its grants.',
  });
}

/** What SHOW lists under exactly this name; LIKE takes letters of either case, and `_` for any character. */
async function named(link: Link, kind: string, name: string, where: string, signal: AbortSignal) {
  const rows = await link.run(`SHOW ${kind} LIKE ${literal(name)}${where}`, signal);
  return rows.filter((row) => row['name'] === name);
}
