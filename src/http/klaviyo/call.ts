import type { Database } from '../../db/database.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { Queue } from '../../queue/queue.ts';
import type { Account } from '../../store/accounts.ts';
import { ApiError } from './api-error.ts';
import type { Body } from './body.ts';
import type { OperationId } from './operations.ts';
import type { Query } from './query.ts';

export interface KlaviyoApiDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly queue: Pick<Queue, 'add'>;
  /** `scale` multiplies every rate limit; 0 switches them off. */
  readonly limits: { readonly scale: number };
  /** Where clients reach this API, for the links in answers; absent, as the request itself says. */
  readonly publicUrl?: string | undefined;
}

/** One request, authenticated and read; what a handler gets. */
export interface Call extends KlaviyoApiDeps {
  readonly account: Account;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  /** The whole address of the request. */
  readonly url: URL;
  /** Null for GET. */
  readonly body: Body | null;
}

export interface Answer {
  readonly status: 200 | 201 | 202;
  /** The JSON:API document; absent for an empty answer. */
  readonly document?: object;
}

export type Handler = (call: Call) => Promise<Answer>;

export type Handlers<Id extends OperationId = OperationId> = { readonly [Key in Id]: Handler };

export function bodyOf(call: Call): Body {
  if (!call.body) throw new ApiError(400, { detail: 'A body is required.', source: { pointer: '/data' } });
  return call.body;
}

export function idOf(call: Call, name = 'id'): string {
  return call.params[name] ?? '';
}
