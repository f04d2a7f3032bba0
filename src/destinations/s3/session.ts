import { AppError } from '../../kernel/app-error.ts';
import type { OpenContext, Receipt, Session, StagedBatch } from '../destination.ts';
import type { Phase } from '../rules.ts';
import { Bucket } from './bucket.ts';
import { checkBucket } from './check.ts';
import { translate } from './errors.ts';
import type { S3Settings } from './spec.ts';
import { writeBatch } from './writer.ts';

export function openSession(settings: S3Settings, context: OpenContext): Session {
  const bucket = new Bucket(settings);
  const ended = new AbortController();
  const translated =
    (phase: Phase) =>
    (error: unknown): AppError =>
      translate(error, phase, settings);

  const inHand = new Set<Promise<Receipt>>();

  async function load(batch: StagedBatch, signal: AbortSignal): Promise<Receipt> {
    const either = AbortSignal.any([signal, ended.signal]);
    try {
      either.throwIfAborted();
      return await writeBatch(bucket, settings, batch, context, either);
    } catch (error) {
      throw either.aborted
        ? new AppError('CANCELLED', { cause: translated('load')(error) })
        : translated('load')(error);
    }
  }

  return {
    check: (signal) => checkBucket(bucket, settings, translated('check'), AbortSignal.any([signal, ended.signal])),
    load: async (batch, signal) => {
      const loading = load(batch, signal);
      inHand.add(loading);
      return loading.finally(() => inHand.delete(loading));
    },
    [Symbol.asyncDispose]: async () => {
      ended.abort();
      // they tidy up first, which needs the connection
      await Promise.allSettled(inHand);
      bucket.close();
    },
  };
}
