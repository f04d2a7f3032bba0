import { AppError, type ErrorCode } from '../../kernel/app-error.ts';
import type { CheckStep, OpenContext } from '../destination.ts';
import { Connection } from './connection.ts';
import { translate } from './errors.ts';
import { probes, type Probe, type ProbeBench } from './probes.ts';
import { stagingOf, type RedshiftSettings } from './spec.ts';

/** Steps of the connection check: all that do not depend on one that failed. Leaves nothing behind. */
export async function* checkConnection(
  settings: RedshiftSettings,
  context: OpenContext,
  signal: AbortSignal,
): AsyncIterable<CheckStep> {
  yield { id: 'settings', label: 'The fields are well formed', outcome: 'passed' };
  const opened = await Connection.open(settings, 'wharf:check', signal).catch((error: unknown) =>
    translate(error, 'check', settings),
  );
  const connection = opened instanceof AppError ? null : opened;
  const bench: ProbeBench = { connection, settings, staging: stagingOf(settings), context, signal };
  const open = new Set<string>();
  try {
    for (const step of accessSteps(settings, opened instanceof AppError ? opened : null)) {
      if (step.outcome === 'passed') open.add(step.id);
      yield step;
    }
    for (const probe of probes) {
      const step = await runProbe(probe, bench, open);
      if (step.outcome === 'passed' || (step.outcome === 'skipped' && step.message === probe.needless))
        open.add(step.id);
      yield step;
    }
  } finally {
    await connection?.[Symbol.asyncDispose]();
  }
}

async function runProbe(probe: Probe, bench: ProbeBench, open: ReadonlySet<string>): Promise<CheckStep> {
  const { id, label, after, needless } = probe;
  const missing = after.find((step) => !open.has(step));
  if (missing) return { id, label, outcome: 'skipped', message: `The step "${missing}" did not pass.` };
  try {
    const message = await probe.run(bench);
    if (message !== null) return { id, label, outcome: 'passed', message };
    return { id, label, outcome: 'skipped', message: needless ?? 'There is nothing to check.' };
  } catch (error) {
    return { id, label, outcome: 'failed', error: translate(error, 'check', bench.settings) };
  }
}

/** One attempt to connect answers three questions, by how it fails. */
function* accessSteps(settings: RedshiftSettings, failure: AppError | null): Iterable<CheckStep> {
  const { host, port, username, database } = settings;
  const steps = [
    { id: 'reach', label: 'Redshift answers', message: `${host}:${port}` },
    { id: 'sign-in', label: 'User and password are accepted', message: username },
    { id: 'database', label: 'The database is visible', message: database },
  ];
  const failing = failure && stepOf(failure.code);
  let stopped = false;
  for (const { id, label, message } of steps) {
    if (stopped) {
      yield { id, label, outcome: 'skipped', message: 'The step before failed.' };
    } else if (failure && id === failing) {
      stopped = true;
      yield { id, label, outcome: 'failed', error: failure };
    } else {
      yield { id, label, outcome: 'passed', message };
    }
  }
}

function stepOf(code: ErrorCode): string {
  if (code === 'NOT_FOUND_DATABASE') return 'database';
  return refused.has(code) ? 'sign-in' : 'reach';
}

const refused: ReadonlySet<ErrorCode> = new Set(['AUTH_INVALID', 'AUTH_EXPIRED', 'AUTH_LOCKED', 'PERMISSION_MISSING']);
