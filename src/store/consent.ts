/** One channel's consent as a writer knows it; kept in a profile's `subscriptions`. */
export interface ConsentChange {
  readonly channel: 'email' | 'sms';
  /** E-mail knows `marketing` only. */
  readonly kind: 'marketing' | 'transactional';
  readonly status: 'SUBSCRIBED' | 'UNSUBSCRIBED' | 'NEVER_SUBSCRIBED';
  /** When the person said so; the moment of the write when absent. */
  readonly at?: Date | undefined;
}
