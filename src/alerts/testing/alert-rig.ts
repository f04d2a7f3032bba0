/** Alerts as they run: real database and queue, and a receiver for their webhooks. */
import { afterAll, beforeAll } from 'vitest';
import type { Database } from '../../db/database.ts';
import { testDatabase } from '../../db/testing/test-database.ts';
import { MovableClock } from '../../exports/testing/engine.ts';
import { createLogger } from '../../kernel/logger.ts';
import { sealingKey } from '../../kernel/sealed.ts';
import { createQueue, type Queue } from '../../queue/queue.ts';
import { createAlerts } from '../alerts.ts';
import type { AlertParts } from '../parts.ts';
import { lookup } from '../reachable.ts';
import type { Alerts, Delivery, Topic } from '../types.ts';
import { startReceiver, type Receiver } from './receiver.ts';

export interface AlertRig {
  readonly db: Database;
  readonly queue: Queue;
  readonly clock: MovableClock;
  readonly alerts: Alerts;
  /** What the alerts are made of, to look by hand. */
  readonly parts: AlertParts;
  readonly receiver: Receiver;
  listen(accountId: number, topics?: readonly Topic[]): Promise<string>;
  deliveries(accountId: number): Promise<readonly Delivery[]>;
}

export const allTopics: readonly Topic[] = ['failed', 'recovered', 'credentials', 'imports'];

/** Jobs are worked on from the start; looking is for the test to do. */
export function alertRig(): () => AlertRig {
  const database = testDatabase();
  const disposed = new AsyncDisposableStack();
  let rig: AlertRig | undefined;

  beforeAll(async () => {
    const db = database();
    const log = createLogger('silent');
    const queue = createQueue(db, log);
    disposed.defer(() => queue.stop());
    await queue.start();
    const receiver = disposed.use(await startReceiver());
    const clock = new MovableClock();
    const deps = { db, queue, sealingKeys: [sealingKey('a secret for tests')] as const, clock, log };
    const options = {
      publicUrl: 'https://wharf.example',
      mail: null,
      privateAddresses: true,
      watchMs: 50,
      webhookTimeoutMs: 2_000,
      lookup,
    };
    const alerts = createAlerts({ ...deps, options });
    await queue.work({ 'alerts.deliver': alerts.handler });
    rig = {
      db,
      queue,
      clock,
      alerts,
      parts: { ...deps, options, mailer: null },
      receiver,
      async listen(accountId, topics = allTopics) {
        const wanted = { channel: 'webhook', address: receiver.url, topics, language: 'en' } as const;
        return (await alerts.addAddress(accountId, wanted)).address.id;
      },
      deliveries: async (accountId) => (await alerts.listDeliveries(accountId, { size: 100 })).items,
    };
  });
  afterAll(() => disposed.disposeAsync());
  return () => {
    if (!rig) throw new Error('alertRig() may be read inside tests only');
    return rig;
  };
}
