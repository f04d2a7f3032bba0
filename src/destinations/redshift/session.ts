import { AppError } from '../../kernel/app-error.ts';
import type { OpenContext, Receipt, Session, StagedBatch } from '../destination.ts';
import { checkConnection } from './check.ts';
import { Connection } from './connection.ts';
import { translate } from './errors.ts';
import type { RedshiftSettings } from './spec.ts';
import { alreadyLoaded, applyBatch } from './writer.ts';

/** Each load has a connection of its own, since temporary tables and transactions belong to one. */
export function openSession(settings: RedshiftSettings, context: OpenContext): Session {
  const ended = new AbortController();
  const inHand = new Set<Promise<Receipt>>();

  async function load(batch: StagedBatch, signal: AbortSignal): Promise<Receipt> {
    const either = AbortSignal.any([signal, ended.signal]);
    try {
      await using connection = await Connection.open(settings, `wharf:${batch.runId}`, either);
      if (batch.rows === 0) return await greet(connection, settings, batch);
      return await applyBatch(connection, settings, batch, context, either);
    } catch (error) {
      const known = translate(error, 'load', settings);
      throw either.aborted ? new AppError('CANCELLED', { cause: known }) : known;
    }
  }

  return {
    check: (signal) => checkConnection(settings, context, AbortSignal.any([signal, ended.signal])),
    load: async (batch, signal) => {
      const loading = load(batch, signal);
      inHand.add(loading);
      return loading.finally(() => inHand.delete(loading));
    },
    [Symbol.asyncDispose]: async () => {
      ended.abort();
      // they end their transactions and tidy up the bucket
      await Promise.allSettled(inHand);
    },
  };
}

/** An empty window: Redshift answers and the fence holds. */
async function greet(connection: Connection, { schema }: RedshiftSettings, batch: StagedBatch): Promise<Receipt> {
  const seen = await alreadyLoaded(connection, schema, batch);
  return seen ?? { loaded: 0, applied: { upserted: 0, deleted: 0 }, alreadyLoaded: false };
}
