/** One value outside of React that components follow with `useSyncExternalStore`. */
export interface Signal<T> {
  get(): T;
  set(value: T): void;
  /** Returns what ends the subscription. */
  subscribe(changed: () => void): () => void;
}

export function createSignal<T>(first: T): Signal<T> {
  let value = first;
  const followers = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      if (Object.is(value, next)) return;
      value = next;
      for (const changed of followers) changed();
    },
    subscribe(changed) {
      followers.add(changed);
      return () => void followers.delete(changed);
    },
  };
}
