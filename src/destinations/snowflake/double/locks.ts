/** Tables locked by transactions that change rows: the next one waits until the transaction ends. */
import { lockTimeout } from './errors.ts';

interface Waiter {
  readonly owner: object;
  resolve(): void;
}

export class Locks {
  #held = new Map<string, { owner: object; label: string; waiters: Waiter[] }>();

  /** @throws VendorError when it takes longer, or the signal aborts with one */
  async acquire(table: string, owner: object, label: string, withinMs: number, signal: AbortSignal): Promise<void> {
    const lock = this.#held.get(table);
    if (!lock) {
      this.#held.set(table, { owner, label, waiters: [] });
      return;
    }
    if (lock.owner === owner) return;
    await new Promise<void>((resolve, reject) => {
      const waiter: Waiter = { owner, resolve: () => settle(resolve) };
      const settle = (outcome: () => void): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', aborted);
        const at = lock.waiters.indexOf(waiter);
        if (at >= 0) lock.waiters.splice(at, 1);
        outcome();
      };
      const aborted = (): void => settle(() => reject(signal.reason as Error));
      const timer = setTimeout(() => settle(() => reject(lockTimeout(table, lock.label))), withinMs);
      signal.addEventListener('abort', aborted, { once: true });
      lock.waiters.push(waiter);
    });
  }

  releaseAll(owner: object): void {
    for (const [table, lock] of this.#held) {
      if (lock.owner !== owner) continue;
      const next = lock.waiters[0];
      if (!next) {
        this.#held.delete(table);
        continue;
      }
      lock.owner = next.owner;
      next.resolve();
    }
  }

  /** Whether somebody else has one of the tables. */
  isTaken(tables: readonly string[], owner: object): boolean {
    return tables.some((table) => (this.#held.get(table)?.owner ?? owner) !== owner);
  }
}
