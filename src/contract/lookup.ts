/** Profiles and events as they are kept, each with whether it has reached the warehouse. */
import { z } from 'zod';
import { metric } from './catalogue.ts';
import { endpoint } from './endpoint.ts';
import { syncStatus } from './syncs.ts';
import { accountParams, id, instant, pageOf, pageQuery } from './values.ts';

export const warehouseState = z
  .discriminatedUnion('state', [
    z.object({
      state: z.literal('in_warehouse'),
      runId: id.nullable().describe('The run that carried it; null when its records are older than those kept.'),
      at: instant.nullable().describe('When the warehouse had confirmed it.'),
    }),
    z.object({
      state: z.literal('waiting'),
      syncId: id,
      syncStatus: syncStatus.describe('Whether the sync it waits for goes on by itself.'),
      runId: id.nullable().describe('The open run that carries it; null: the next run will.'),
      nextRunAt: instant.nullable().describe('Next start or attempt of the sync.'),
    }),
    z.object({
      state: z.literal('not_shared'),
      reason: z
        .enum(['object', 'integration', 'metric', 'history'])
        .describe(
          'The data object or metric is not chosen, the integration is excluded, or the event is older than the history.',
        ),
    }),
    z.object({ state: z.literal('no_warehouse') }),
  ])
  .describe('Of the newest change of the row.')
  .meta({ id: 'WarehouseState' });
export type WarehouseState = z.infer<typeof warehouseState>;

const jsonText = z.string().describe('JSON as text: digits, key order and escapes as they were sent.');

const person = {
  id,
  email: z.string().nullable(),
  phoneNumber: z.string().nullable(),
  externalId: z.string().nullable(),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
};

export const profileSummary = z
  .object({
    ...person,
    created: instant,
    updated: instant.describe('When its newest change was accepted.'),
    lastEventAt: instant.nullable(),
    warehouse: warehouseState,
  })
  .meta({ id: 'ProfileSummary' });
export type ProfileSummary = z.infer<typeof profileSummary>;

const consent = z.object({
  channel: z.string().describe('`email`, `sms` or another.'),
  kind: z.string().describe('`marketing`, `transactional` or another.'),
  status: z.string().describe('`SUBSCRIBED`, `UNSUBSCRIBED`, `NEVER_SUBSCRIBED` or another.'),
  at: instant.nullable(),
  suppressions: z.array(z.string()).describe('Reasons why nothing is sent in spite of consent.'),
});

export const profileDetails = profileSummary
  .extend({
    organization: z.string().nullable(),
    title: z.string().nullable(),
    locale: z.string().nullable(),
    image: z.string().nullable(),
    location: jsonText.nullable(),
    properties: jsonText,
    subscriptions: jsonText.nullable(),
    predictiveAnalytics: jsonText.nullable(),
    consents: z.array(consent).describe('What `subscriptions` says, in short.'),
  })
  .meta({ id: 'ProfileDetails' });
export type ProfileDetails = z.infer<typeof profileDetails>;

export const eventSummary = z
  .object({
    id,
    datetime: instant.describe('When it happened.'),
    receivedAt: instant.describe('When it was accepted.'),
    metric,
    profile: z.object(person),
    value: z.string().nullable().describe('`$value` of the properties with all its digits, when it is a number.'),
    currency: z.string().nullable(),
    warehouse: warehouseState,
  })
  .meta({ id: 'EventSummary' });
export type EventSummary = z.infer<typeof eventSummary>;

export const eventDetails = eventSummary.extend({ properties: jsonText }).meta({ id: 'EventDetails' });
export type EventDetails = z.infer<typeof eventDetails>;

const time = z.iso.datetime({ offset: true }).refine((text) => text >= '1000', 'must be after the year 1000');

const base = '/v1/accounts/{account}';
const shared = { method: 'GET', tag: 'catalogue', access: 'account', params: accountParams } as const;

export const lookUpEndpoints = {
  listProfiles: endpoint({
    ...shared,
    path: `${base}/profiles`,
    summary: 'Profiles, newest first.',
    query: z.strictObject({
      ...pageQuery,
      search: z
        .string()
        .trim()
        .max(255)
        .refine((text) => text.isWellFormed() && !text.includes('\0'), 'must be well-formed text')
        .optional()
        .describe(
          'E-mail address, phone number, external id or profile id; from three characters on also the beginning of an e-mail address (the first 1000 addresses).',
        ),
    }),
    reply: pageOf(profileSummary),
  }),
  getProfile: endpoint({
    ...shared,
    path: `${base}/profiles/{profile}`,
    summary: 'One profile with all its fields. An id that was merged away leads to the profile it lives on in.',
    params: accountParams.extend({ profile: id }),
    reply: profileDetails,
  }),
  listEvents: endpoint({
    ...shared,
    path: `${base}/events`,
    summary: 'Events, newest first: of all, of one profile, of one metric.',
    query: z.strictObject({
      ...pageQuery,
      metric: id.optional(),
      profile: id.optional(),
      since: time.optional().describe('At this time or later.'),
      until: time.optional().describe('Before this time.'),
    }),
    reply: pageOf(eventSummary),
  }),
  getEvent: endpoint({
    ...shared,
    path: `${base}/events/{event}`,
    summary: 'One event with its properties.',
    params: accountParams.extend({ event: id }),
    reply: eventDetails,
  }),
};
