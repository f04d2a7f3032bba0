import { AppError } from '../../kernel/app-error.ts';
import type { OpenContext, Receipt, Session, StagedBatch } from '../destination.ts';
import type { Phase } from '../rules.ts';
import { checkWarehouse } from './check.ts';
import { translate } from './errors.ts';
import { bareName } from './identifiers.ts';
import { Link } from './link.ts';
import type { SnowflakeSettings } from './spec.ts';
import type { Place } from './sql.ts';
import { applyBatch, greet } from './writer.ts';

/** @param endpoint takes the place of the account's own address; null for none */
export function openSession(settings: SnowflakeSettings, endpoint: string | null, context: OpenContext): Session {
  const place: Place = { database: bareName(settings.database), schema: bareName(settings.schema) };
  const ended = new AbortController();
  const inHand = new Set<Promise<unknown>>();
  /** A transaction belongs to a session of Snowflake, so loads side by side have one each. */
  const idle: Link[] = [];

  const translated =
    (phase: Phase) =>
    (error: unknown): AppError =>
      translate(error, phase, settings);

  async function withLink<T>(signal: AbortSignal, work: (link: Link) => Promise<T>): Promise<T> {
    const link = idle.pop() ?? (await Link.open(settings, endpoint, signal));
    let sound = false;
    try {
      const result = await work(link);
      sound = true;
      return result;
    } finally {
      // after a failure nobody knows its state; closing rolls back
      if (sound && !ended.signal.aborted) idle.push(link);
      else await link.close();
    }
  }

  async function load(batch: StagedBatch, signal: AbortSignal): Promise<Receipt> {
    const either = AbortSignal.any([signal, ended.signal]);
    try {
      either.throwIfAborted();
      return await withLink(either, async (link) => {
        if (batch.rows > 0) return applyBatch(link, place, batch, { log: context.log, signal: either });
        const known = await greet(link, place, batch, either);
        return known ?? { loaded: 0, applied: { upserted: 0, deleted: 0 }, alreadyLoaded: false };
      });
    } catch (error) {
      const told = translated('load')(error);
      throw either.aborted ? new AppError('CANCELLED', { cause: told }) : told;
    }
  }

  return {
    check: (signal) =>
      checkWarehouse(
        { settings, endpoint, place, tempDir: context.tempDir },
        translated('check'),
        AbortSignal.any([signal, ended.signal]),
      ),
    load: async (batch, signal) => {
      const loading = load(batch, signal);
      inHand.add(loading);
      return loading.finally(() => inHand.delete(loading));
    },
    [Symbol.asyncDispose]: async () => {
      ended.abort();
      await Promise.allSettled(inHand);
      await Promise.all(idle.splice(0).map((link) => link.close()));
    },
  };
}
