import { abortable } from './transport.ts';

const last = new Map<string, Promise<unknown>>();

/**
 * Runs pieces of work of one name one after another in this process. Loads of one dataset would abort each other in
 * BigQuery; workers elsewhere still may, and then try again.
 */
export async function inTurn<T>(name: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const before = last.get(name) ?? Promise.resolve();
  const done = Promise.withResolvers<void>();
  const mine = before.then(() => done.promise);
  last.set(name, mine);
  try {
    await abortable(before, signal);
    return await work();
  } finally {
    done.resolve();
    if (last.get(name) === mine) last.delete(name);
  }
}
