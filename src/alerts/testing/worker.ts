/** A process of its own that delivers alerts until it is killed. Arguments: the database's URL. */
import { Database } from '../../db/database.ts';
import { systemClock as clock } from '../../kernel/clock.ts';
import { createLogger } from '../../kernel/logger.ts';
import { sealingKey } from '../../kernel/sealed.ts';
import { createQueue } from '../../queue/queue.ts';
import { createAlerts } from '../alerts.ts';

const db = new Database(process.argv[2] ?? '');
const log = createLogger('silent');
const queue = createQueue(db, log);
await queue.start();
const sealingKeys = [sealingKey('a secret for tests')] as const;
const options = { privateAddresses: true, webhookTimeoutMs: 600_000 };
const alerts = createAlerts({ db, queue, sealingKeys, clock, log, options });
await queue.work({ 'alerts.deliver': alerts.handler });
