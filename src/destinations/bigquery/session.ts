import { AppError } from '../../kernel/app-error.ts';
import type { OpenContext, Receipt, Session, StagedBatch } from '../destination.ts';
import type { Phase } from '../rules.ts';
import { checkWarehouse } from './check.ts';
import { translate } from './errors.ts';
import type { BigquerySettings } from './spec.ts';
import { Transport } from './transport.ts';
import { Warehouse } from './warehouse.ts';
import { applyBatch, type LoadContext } from './writer.ts';

/** @param endpoint base URL that takes Google's place, null for Google itself */
export function openSession(settings: BigquerySettings, context: OpenContext, endpoint: string | null): Session {
  const warehouse = new Warehouse(new Transport(settings, endpoint), settings);
  const ended = new AbortController();
  const inHand = new Set<Promise<Receipt>>();
  const done: LoadContext['done'] = new Set();
  const translated =
    (phase: Phase) =>
    (error: unknown): AppError =>
      translate(error, phase, settings);

  async function load(batch: StagedBatch, signal: AbortSignal): Promise<Receipt> {
    const either = AbortSignal.any([signal, ended.signal]);
    try {
      either.throwIfAborted();
      return await applyBatch(warehouse, batch, { log: context.log, signal: either, done });
    } catch (error) {
      throw either.aborted
        ? new AppError('CANCELLED', { cause: translated('load')(error) })
        : translated('load')(error);
    }
  }

  return {
    check: (signal) => checkWarehouse(warehouse, translated('check'), AbortSignal.any([signal, ended.signal])),
    load: async (batch, signal) => {
      const loading = load(batch, signal);
      inHand.add(loading);
      return loading.finally(() => inHand.delete(loading));
    },
    [Symbol.asyncDispose]: async () => {
      ended.abort();
      // they tidy up first
      await Promise.allSettled(inHand);
    },
  };
}
