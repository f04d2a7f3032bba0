/** A part with a lifetime. Both calls are idempotent; `stop` lets work in hand end first. */
export interface Service {
  start(): Promise<void>;
  stop(): Promise<void>;
}
