/** Statements under way and done: known by query id, and by the request id with which a driver sends one again. */
import { randomUUID } from 'node:crypto';
import { canceled, fromEngine, type VendorError } from './errors.ts';
import type { Answer } from './statement.ts';

export type Status = 'RUNNING' | 'BLOCKED' | 'SUCCESS' | 'FAILED_WITH_ERROR';

export class Query {
  readonly id = randomUUID();
  readonly controller = new AbortController();
  readonly settled: Promise<{ readonly answer: Answer } | { readonly error: VendorError }>;
  #status: Status = 'RUNNING';

  constructor(run: (query: Query) => Promise<Answer>) {
    this.settled = run(this).then(
      (answer) => {
        this.#status = 'SUCCESS';
        return { answer };
      },
      (error: unknown) => {
        this.#status = 'FAILED_WITH_ERROR';
        return { error: fromEngine(error) };
      },
    );
  }

  get status(): Status {
    return this.#status;
  }

  blocked(is: boolean): void {
    this.#status = is ? 'BLOCKED' : 'RUNNING';
  }

  cancel(): void {
    this.controller.abort(canceled());
  }
}

/** The latest ones; a driver that asks for an older one is told that it is not there. */
const kept = 2000;

export class Queries {
  readonly #byId = new Map<string, Query>();
  readonly #byRequest = new Map<string, Query>();

  /** The statement that was sent with this request id before, or a new one. */
  start(requestId: string, run: (query: Query) => Promise<Answer>): Query {
    const known = this.#byRequest.get(requestId);
    if (known) return known;
    const query = new Query(run);
    this.#byId.set(query.id, query);
    this.#byRequest.set(requestId, query);
    for (const map of [this.#byId, this.#byRequest]) {
      const [oldest] = map.keys();
      if (map.size > kept && oldest !== undefined) map.delete(oldest);
    }
    return query;
  }

  byId(id: string): Query | undefined {
    return this.#byId.get(id);
  }

  byRequest(id: string): Query | undefined {
    return this.#byRequest.get(id);
  }
}
