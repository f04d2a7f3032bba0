/**
 * Connecting with one thing wrong gives that thing's own error and what to do. Cases are data, so that they can be
 * counted and read as the list of what a person can get wrong.
 */
import { describe, expect, test } from 'vitest';
import type { ErrorCode } from '../../kernel/app-error.ts';
import type { AnyDestination, CheckStep } from '../destination.ts';
import { createLogger } from '../../kernel/logger.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toAppError, type AppError } from '../../kernel/app-error.ts';

export interface WrongField<Bench> {
  /** What is wrong, in plain words: the test's name. */
  readonly wrong: string;
  /** The settings with that one thing wrong; may also change the warehouse (a dropped table, a revoked grant). */
  settings(bench: Bench): Promise<Record<string, unknown>> | Record<string, unknown>;
  readonly code: ErrorCode;
  /** Id of the step that fails; `form` when the form itself is refused, before any network call. */
  readonly step: string;
  /** Summary and advice together must match: they name the field or the object, and what to do. */
  readonly says: RegExp;
}

export interface WrongFieldBench {
  readonly destination: AnyDestination;
}

/** `open` gives a warehouse in which everything is right. */
export function proveWrongFields<Bench extends WrongFieldBench & AsyncDisposable>(
  name: string,
  open: () => Promise<Bench>,
  cases: readonly WrongField<Bench>[],
): void {
  describe(`${name}: one thing wrong`, () => {
    test.each(cases)('$wrong is $code at $step', async ({ settings, code, step, says }) => {
      await using bench = await open();
      const outcome = await outcomeOf(bench.destination, await settings(bench));
      const failed = outcome.find((each) => each.step === step);
      expect(failed, JSON.stringify(outcome)).toBeDefined();
      expect(failed?.error.code).toBe(code);
      expect(`${failed?.error.summary} ${failed?.error.advice}`).toMatch(says);
      // the other failures, if any, have the same cause
      expect(new Set(outcome.map((each) => each.error.code))).toEqual(new Set([code]));
    });
  });
}

interface Failure {
  readonly step: string;
  readonly error: AppError;
}

async function outcomeOf(destination: AnyDestination, settings: Record<string, unknown>): Promise<Failure[]> {
  const tempDir = await mkdtemp(join(tmpdir(), 'wharf-wrong-field-'));
  try {
    await using session = await destination.open(settings, { log: createLogger('silent'), tempDir });
    const steps: CheckStep[] = [];
    for await (const step of session.check(AbortSignal.timeout(50_000))) steps.push(step);
    return steps.flatMap(({ id, error }) => (error ? [{ step: id, error }] : []));
  } catch (thrown) {
    return [{ step: 'form', error: toAppError(thrown) }];
  } finally {
    await rm(tempDir, { recursive: true, force: true });
  }
}
