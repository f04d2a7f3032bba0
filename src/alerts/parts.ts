/** What alerts are given, and what the folder's own files get of it. */
import type { Database } from '../db/database.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import type { SealingKeys } from '../kernel/sealed.ts';
import type { Queue } from '../queue/queue.ts';
import type { Mailer } from './mail.ts';
import type { Lookup } from './reachable.ts';

export interface AlertOptions {
  /** Origin of the pages, for links; without it alerts carry none. */
  readonly publicUrl: string | undefined;
  /** The operator's mail server; without it no e-mail is sent. */
  readonly mail: { readonly url: string; readonly from: string } | null;
  /** Webhooks may go to loopback and private networks. */
  readonly privateAddresses: boolean;
  /** How often occurrences and due repeats are looked for. */
  readonly watchMs: number;
  readonly webhookTimeoutMs: number;
  readonly lookup: Lookup;
}

export interface AlertsDeps {
  readonly db: Database;
  readonly queue: Queue;
  readonly sealingKeys: SealingKeys;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface AlertParts extends AlertsDeps {
  readonly options: AlertOptions;
  readonly mailer: Mailer | null;
}
