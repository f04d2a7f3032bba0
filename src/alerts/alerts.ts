/** Composition of alerts: what other folders hold in their hands. */
import { addAddress, editAddress, listAddresses, removeAddress } from './addresses.ts';
import { deliveryHandler } from './deliver.ts';
import { listDeliveries, sendTest } from './deliveries.ts';
import { createMailer } from './mail.ts';
import type { AlertOptions, AlertParts, AlertsDeps } from './parts.ts';
import { lookup } from './reachable.ts';
import type { Alerts } from './types.ts';
import { forgetOldAlerts, look } from './watch.ts';

const defaults: AlertOptions = {
  publicUrl: undefined,
  mail: null,
  privateAddresses: false,
  watchMs: 5_000,
  webhookTimeoutMs: 10_000,
  lookup,
};

const dayMs = 86_400_000;

export function createAlerts(given: AlertsDeps & { readonly options?: Partial<AlertOptions> }): Alerts {
  const options = { ...defaults, ...given.options };
  const parts: AlertParts = { ...given, options, mailer: options.mail && createMailer(options.mail, given.log) };
  const { db, clock, log } = parts;
  const stopping = new AbortController();
  let watching: Promise<void> | null = null;

  async function watch(): Promise<void> {
    let forgotAt = 0;
    while (!stopping.signal.aborted) {
      const now = clock.now().getTime();
      await look(parts).catch((err: unknown) => log.warn({ err }, 'alerts.look_failed'));
      if (now - forgotAt >= dayMs) {
        forgotAt = now;
        await forgetOldAlerts(parts).catch((err: unknown) => log.warn({ err }, 'alerts.forget_failed'));
      }
      await clock.sleep(options.watchMs, stopping.signal).catch(() => undefined);
    }
  }

  return {
    sendsMail: parts.mailer !== null,
    async start() {
      watching ??= watch();
    },
    async stop() {
      stopping.abort();
      await watching;
    },
    listAddresses: (accountId) => listAddresses(db, accountId),
    addAddress: (accountId, address) => addAddress(parts, accountId, address),
    editAddress: (accountId, id, change) => editAddress(db, accountId, id, change),
    removeAddress: (accountId, id) => removeAddress(db, accountId, id),
    sendTest: (accountId, id) => sendTest(parts, accountId, id),
    listDeliveries: (accountId, page) => listDeliveries(db, accountId, page),
    handler: deliveryHandler(parts),
  };
}
