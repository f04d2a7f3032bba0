/** Alerts by e-mail and webhook: where they go, and what became of each. */
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { accountParams, id, instant, pageOf, pageQuery } from './values.ts';

export const alertTopic = z
  .enum(['failed', 'recovered', 'credentials', 'imports'])
  .describe(
    'failed: a sync failed, or has been retrying for an hour · recovered: it works again · credentials: they expire soon, or have · imports: a file failed, or rows of it were skipped.',
  );
export type AlertTopic = z.infer<typeof alertTopic>;

export const alertType = z.enum([
  'sync.error',
  'sync.failed',
  'sync.recovered',
  'credentials.expire_soon',
  'credentials.expired',
  'import.failed',
  'import.incomplete',
  'test',
]);
export type AlertType = z.infer<typeof alertType>;

const channel = z.enum(['email', 'webhook']);
const language = z.enum(['en', 'pl']).describe('Of e-mail.');
const topics = z
  .array(alertTopic)
  .min(1, 'choose at least one')
  .max(4)
  .refine((chosen) => new Set(chosen).size === chosen.length, 'must not name one twice');

export const alertAddress = z
  .object({
    id,
    channel,
    name: z.string().describe("The e-mail address, or enough of the webhook's URL to recognise it."),
    topics: z.array(alertTopic),
    language,
    createdAt: instant,
  })
  .meta({ id: 'AlertAddress' });
export type AlertAddress = z.infer<typeof alertAddress>;

export const alertDelivery = z
  .object({
    id: z.string().describe('Of the alert, the same in every attempt; `webhook-id` of a webhook.'),
    addressId: id,
    addressName: z.string(),
    channel,
    type: alertType,
    about: z.string().nullable().describe('The connection or the file.'),
    at: instant,
    status: z.enum(['pending', 'delivered', 'refused']).describe('refused: nobody tries again.'),
    attempts: z.int(),
    lastAttemptAt: instant.nullable(),
    nextAttemptAt: instant.nullable().describe('Null while the first attempt is on its way, and when it is over.'),
    answer: z.string().nullable().describe('Of the last attempt, in words.'),
  })
  .meta({ id: 'AlertDelivery' });
export type AlertDelivery = z.infer<typeof alertDelivery>;

const base = '/v1/accounts/{account}/alerts';
const shared = { tag: 'accounts', access: 'account', params: accountParams } as const;
const one = accountParams.extend({ address: id });

export const alertEndpoints = {
  getAlerts: endpoint({
    ...shared,
    method: 'GET',
    path: base,
    summary: 'Where alerts go, and what the operator has set.',
    reply: z.object({
      addresses: z.array(alertAddress),
      sendsMail: z.boolean().describe('Whether the operator has set a mail server.'),
      outboundAddresses: z
        .array(z.string())
        .describe('CIDRs from which this installation reaches warehouses and webhooks, if the operator named them.'),
    }),
  }),
  addAlertAddress: endpoint({
    ...shared,
    method: 'POST',
    path: `${base}/addresses`,
    summary: 'Send alerts to an e-mail address or a webhook.',
    status: 201,
    body: z.strictObject({
      channel,
      address: z.string().trim().min(1, 'must not be empty').max(2000).describe('The e-mail address, or the URL.'),
      topics,
      language: language.default('en'),
    }),
    reply: alertAddress.extend({
      secret: z.string().nullable().describe("Signs a webhook's alerts. Shown this once; null for e-mail."),
    }),
  }),
  editAlertAddress: endpoint({
    ...shared,
    method: 'PATCH',
    path: `${base}/addresses/{address}`,
    summary: 'Change what an address is told of, and in which language.',
    params: one,
    body: z.strictObject({ topics, language }),
    reply: alertAddress,
  }),
  removeAlertAddress: endpoint({
    ...shared,
    method: 'DELETE',
    path: `${base}/addresses/{address}`,
    summary: 'Send no more alerts there, also none that wait for another attempt.',
    status: 204,
    params: one,
  }),
  testAlertAddress: endpoint({
    ...shared,
    method: 'POST',
    path: `${base}/addresses/{address}/test`,
    summary: 'Send a test, once and at once; the deliveries show what came of it.',
    status: 204,
    params: one,
  }),
  listAlertDeliveries: endpoint({
    ...shared,
    method: 'GET',
    path: `${base}/deliveries`,
    summary: 'What was sent, newest first.',
    query: z.strictObject(pageQuery),
    reply: pageOf(alertDelivery),
  }),
};
