import { AppError } from '../../kernel/app-error.ts';
import type { OpenContext, Receipt, Session, StagedBatch } from '../destination.ts';
import type { Phase } from '../rules.ts';
import { checkPool } from './check.ts';
import { serverOf } from './connection.ts';
import { Container } from './container.ts';
import { translate } from './errors.ts';
import { loadBatch } from './load.ts';
import { Pool } from './pool.ts';
import type { SynapseSettings } from './spec.ts';
import type { SynapseEndpoints } from './synapse.ts';

/** Connects at the first call. */
export function openSession(settings: SynapseSettings, endpoints: SynapseEndpoints, context: OpenContext): Session {
  const parts = {
    settings,
    pool: new Pool(serverOf(settings, endpoints.endpoint), settings),
    container: new Container(settings, endpoints.blobEndpoint),
    context,
  };
  const ended = new AbortController();
  const translated =
    (phase: Phase) =>
    (error: unknown): AppError =>
      translate(error, phase, settings);

  const inHand = new Set<Promise<Receipt>>();
  let swept = false;

  async function load(batch: StagedBatch, signal: AbortSignal): Promise<Receipt> {
    const either = AbortSignal.any([signal, ended.signal]);
    const first = !swept && batch.rows > 0;
    swept ||= first;
    try {
      either.throwIfAborted();
      return await loadBatch(parts, batch, first, either);
    } catch (error) {
      const known = translated('load')(error);
      throw either.aborted ? new AppError('CANCELLED', { cause: known }) : known;
    }
  }

  return {
    check: (signal) => checkPool(parts, translated('check'), AbortSignal.any([signal, ended.signal])),
    load: async (batch, signal) => {
      const loading = load(batch, signal);
      inHand.add(loading);
      return loading.finally(() => inHand.delete(loading));
    },
    [Symbol.asyncDispose]: async () => {
      ended.abort();
      // they tidy up first, which needs their connections
      await Promise.allSettled(inHand);
      parts.pool[Symbol.dispose]();
    },
  };
}
