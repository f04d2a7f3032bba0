/**
 * Locks that an UPDATE takes and its transaction holds. A pool locks rows; this locks the table, which is stricter and all
 * that Wharf's own statements need.
 */
import { SqlError } from './sql-error.ts';

interface Waiter {
  readonly owner: object;
  readonly wake: () => void;
}

export class Locks {
  readonly #holders = new Map<string, object>();
  readonly #waiters = new Map<string, Waiter[]>();
  readonly #waitsFor = new Map<object, string>();

  /** @throws SqlError 1205 when waiting would never end; the signal's reason when it aborts */
  async take(table: string, owner: object, signal: AbortSignal): Promise<void> {
    const holder = this.#holders.get(table);
    if (holder === owner) return;
    if (!holder) {
      this.#holders.set(table, owner);
      return;
    }
    if (this.#wouldCircle(holder, owner)) {
      throw new SqlError(
        1205,
        'Transaction was deadlocked on lock resources with another process and has been chosen as the deadlock victim. Rerun the transaction.',
        { severity: 13 },
      );
    }
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter = { owner, wake: resolve };
    const waiters = this.#waiters.get(table) ?? [];
    this.#waiters.set(table, [...waiters, waiter]);
    this.#waitsFor.set(owner, table);
    const giveUp = (): void => {
      this.#waiters.set(
        table,
        (this.#waiters.get(table) ?? []).filter((each) => each !== waiter),
      );
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      await promise;
    } finally {
      signal.removeEventListener('abort', giveUp);
      this.#waitsFor.delete(owner);
    }
  }

  releaseAll(owner: object): void {
    for (const [table, holder] of this.#holders) {
      if (holder !== owner) continue;
      const [next, ...others] = this.#waiters.get(table) ?? [];
      this.#waiters.set(table, others);
      if (next) this.#holders.set(table, next.owner);
      else this.#holders.delete(table);
      next?.wake();
    }
  }

  #wouldCircle(holder: object, owner: object): boolean {
    for (let at: object | undefined = holder; at;) {
      if (at === owner) return true;
      const table = this.#waitsFor.get(at);
      at = table === undefined ? undefined : this.#holders.get(table);
    }
    return false;
  }
}
