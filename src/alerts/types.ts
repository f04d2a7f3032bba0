/** What the rest of the product sees of alerts. */
import type { Service } from '../kernel/service.ts';
import type { JobHandler } from '../queue/queue.ts';

export type Channel = 'email' | 'webhook';
export type Language = 'en' | 'pl';

/** What an address can be told of. */
export type Topic = 'failed' | 'recovered' | 'credentials' | 'imports';

/** `sync.error`: it still retries by itself; `sync.failed`: a person must act. */
export type AlertType =
  | 'sync.error'
  | 'sync.failed'
  | 'sync.recovered'
  | 'credentials.expire_soon'
  | 'credentials.expired'
  | 'import.failed'
  | 'import.incomplete'
  | 'test';

/** Null: a test, which is for one address. */
export const topicOf: Readonly<Record<AlertType, Topic | null>> = {
  'sync.error': 'failed',
  'sync.failed': 'failed',
  'sync.recovered': 'recovered',
  'credentials.expire_soon': 'credentials',
  'credentials.expired': 'credentials',
  'import.failed': 'imports',
  'import.incomplete': 'imports',
  test: null,
};

/** What an alert tells, as it was when it came up. Times in ISO 8601, UTC. */
export interface AlertFacts {
  readonly connection?: { readonly id: string; readonly name: string; readonly kind: string };
  readonly sync?: { readonly id: string; readonly object: string; readonly kind: string };
  readonly run?: string | null;
  readonly error?: {
    readonly code: string;
    readonly summary: string;
    readonly advice: string;
    /** The vendor's words, verbatim. */
    readonly externalMessage: string | null;
  } | null;
  /** When the trouble began. */
  readonly since?: string;
  readonly expireAt?: string;
  readonly import?: {
    readonly id: string;
    readonly object: string;
    readonly fileName: string;
    readonly skippedRows: number;
    readonly message: string | null;
    readonly advice: string | null;
  };
}

export interface Alert {
  readonly accountId: number;
  /** The same in every delivery and every attempt: receivers know a repeat by it. */
  readonly id: string;
  readonly type: AlertType;
  readonly at: Date;
  readonly facts: AlertFacts;
}

export interface AlertAddress {
  readonly id: string;
  readonly channel: Channel;
  /** The e-mail address, or enough of the webhook's URL to recognise it. */
  readonly name: string;
  readonly topics: readonly Topic[];
  readonly language: Language;
  readonly createdAt: Date;
}

export interface NewAddress {
  readonly channel: Channel;
  /** An e-mail address or a URL. */
  readonly address: string;
  readonly topics: readonly Topic[];
  readonly language: Language;
}

/** `refused`: nobody tries again. */
export type DeliveryStatus = 'pending' | 'delivered' | 'refused';

export interface Delivery {
  readonly alertId: string;
  readonly addressId: string;
  readonly addressName: string;
  readonly channel: Channel;
  readonly type: AlertType;
  readonly facts: AlertFacts;
  readonly at: Date;
  readonly status: DeliveryStatus;
  readonly attempts: number;
  readonly lastAttemptAt: Date | null;
  /** Pending: the next attempt; null while the first one is on its way, and when it is over. */
  readonly nextAttemptAt: Date | null;
  /** Of the last attempt, in words; at most 600 characters. */
  readonly answer: string | null;
}

/** Start begins to look for occurrences and due repeats; deliveries are done where the queue is given `handler`. */
export interface Alerts extends Service {
  /** Whether the operator has set a mail server. */
  readonly sendsMail: boolean;
  listAddresses(accountId: number): Promise<AlertAddress[]>;
  /**
   * The secret signs a webhook's alerts and is told this once; null for e-mail.
   * @throws AppError INVALID_INPUT for an address nothing may be sent to, CONFLICT when the account has too many
   */
  addAddress(accountId: number, address: NewAddress): Promise<{ address: AlertAddress; secret: string | null }>;
  /** @throws AppError NOT_FOUND */
  editAddress(accountId: number, id: string, change: Pick<NewAddress, 'topics' | 'language'>): Promise<AlertAddress>;
  /** What waits for it is not sent any more. @throws AppError NOT_FOUND */
  removeAddress(accountId: number, id: string): Promise<void>;
  /** One attempt, in the background. @throws AppError NOT_FOUND, THROTTLED */
  sendTest(accountId: number, id: string): Promise<void>;
  /** Newest first. */
  listDeliveries(
    accountId: number,
    page: { readonly cursor?: string | undefined; readonly size: number },
  ): Promise<{ readonly items: readonly Delivery[]; readonly nextCursor: string | null }>;
  readonly handler: JobHandler<'alerts.deliver'>;
}
