import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testDatabase } from '../db/testing/test-database.ts';
import { newAccount, until } from '../exports/testing/engine.ts';
import { systemClock as clock } from '../kernel/clock.ts';
import { createLogger } from '../kernel/logger.ts';
import { sealingKey } from '../kernel/sealed.ts';
import { createQueue } from '../queue/queue.ts';
import { createAlerts } from './alerts.ts';
import { startReceiver } from './testing/receiver.ts';

const database = testDatabase();

test('a worker that is killed after the receiver got the alert: it comes once more, with the same id', async () => {
  const db = database();
  await using receiver = await startReceiver();
  await using parts = new AsyncDisposableStack();
  const log = createLogger('silent');
  const queue = createQueue(db, log);
  parts.defer(() => queue.stop());
  await queue.start();
  const options = { privateAddresses: true };
  const alerts = createAlerts({ db, queue, sealingKeys: [sealingKey('a secret for tests')], clock, log, options });
  const accountId = await newAccount(db);
  const wanted = { channel: 'webhook', address: receiver.url, topics: ['failed'], language: 'en' } as const;
  const { address } = await alerts.addAddress(accountId, wanted);

  receiver.answer(() => undefined);
  const worker = spawn(process.execPath, [join(import.meta.dirname, 'testing/worker.ts'), db.url], {
    stdio: 'inherit',
  });
  parts.defer(() => void worker.kill('SIGKILL'));
  await alerts.sendTest(accountId, address.id);
  await receiver.untilReceived(1);
  const ended = once(worker, 'exit');
  worker.kill('SIGKILL');
  await ended;

  receiver.answer((response) => void response.writeHead(204).end());
  await queue.work({ 'alerts.deliver': alerts.handler });
  await until(
    async () => (await alerts.listDeliveries(accountId, { size: 1 })).items[0],
    (delivery) => delivery?.status === 'delivered',
  );
  const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(1);
});
