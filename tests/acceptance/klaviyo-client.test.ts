/** The official client, unmodified but for its base path, runs every operation. */
import {
  AccountsApi,
  ApiKeySession,
  DataPrivacyApi,
  EventsApi,
  MetricsApi,
  ProfilesApi,
  RetryWithExponentialBackoff,
  type EventCreateQueryV2,
} from 'klaviyo-api';
import { beforeAll, describe, expect, test } from 'vitest';
import { klaviyoServer } from '../../src/http/testing/klaviyo-server.ts';
import { RawKlaviyo } from '../../src/http/testing/raw-klaviyo.ts';
import { operationList } from '../../src/http/klaviyo/operations.ts';

const server = klaviyoServer({ work: true });
let accountId: string;
let accounts: AccountsApi;
let profiles: ProfilesApi;
let events: EventsApi;
let metrics: MetricsApi;
let privacy: DataPrivacyApi;
let raw: RawKlaviyo;

beforeAll(async () => {
  const { account, key } = await server().newAccount('Shop');
  accountId = account.publicId;
  const session = new ApiKeySession(key, new RetryWithExponentialBackoff({ numRetries: 1 }));
  accounts = new AccountsApi(session);
  profiles = new ProfilesApi(session);
  events = new EventsApi(session);
  metrics = new MetricsApi(session);
  privacy = new DataPrivacyApi(session);
  for (const api of [accounts, profiles, events, metrics, privacy]) api.basePath = server().origin;
  raw = new RawKlaviyo(server().origin, key);
});

/** The client types customers' properties as an empty object. */
function propertyOf(event: { attributes: { eventProperties?: object | null } }, name: string): unknown {
  return (event.attributes.eventProperties as Record<string, unknown> | null | undefined)?.[name];
}

function orderPlaced(email: string, uniqueId: string, value: number): EventCreateQueryV2 {
  return {
    data: {
      type: 'event',
      attributes: {
        time: new Date('2026-03-01T12:00:00Z'),
        value,
        valueCurrency: 'EUR',
        uniqueId,
        properties: { items: ['mug'], $event_id: 'overwritten' },
        metric: { data: { type: 'metric', attributes: { name: 'Placed Order', service: 'shopify' } } },
        profile: { data: { type: 'profile', attributes: { email, properties: { vip: true } } } },
      },
    },
  };
}

describe('accounts', () => {
  test('a key sees its own account', async () => {
    const { body } = await accounts.getAccounts();
    expect(body.data).toHaveLength(1);
    expect(body.data[0]?.id).toBe(accountId);
    const one = await accounts.getAccount(accountId, { fieldsAccount: ['contact_information.organization_name'] });
    expect(one.body.data.attributes).toEqual({ contactInformation: { organizationName: 'Shop' } });
  });
});

describe('profiles', () => {
  test('create, get, update, find', async () => {
    const created = await profiles.createProfile({
      data: {
        type: 'profile',
        attributes: {
          email: 'Ada@Shop.pl',
          phoneNumber: '+48123456789',
          externalId: 'crm-1',
          firstName: 'Ada',
          location: { city: 'Kraków', latitude: '50.06' },
          properties: { tags: ['a'], age: 36 },
        },
      },
    });
    expect(created.response.status).toBe(201);
    const id = created.body.data.id ?? '';
    expect(created.body.data.attributes).toMatchObject({ email: 'ada@shop.pl', firstName: 'Ada' });
    expect(created.body.data.attributes.location).toMatchObject({ city: 'Kraków', latitude: '50.06', zip: null });

    const updated = await profiles.updateProfile(id, {
      data: {
        type: 'profile',
        id,
        attributes: { firstName: null, lastName: 'Lovelace' },
        // the client's serialiser fails on `unset`, whatever it is given
        meta: { patchProperties: { append: { tags: 'b' } } },
      },
    });
    expect(updated.body.data.attributes).toMatchObject({ firstName: null, lastName: 'Lovelace', email: 'ada@shop.pl' });
    expect(updated.body.data.attributes.properties).toEqual({ tags: ['a', 'b'], age: 36 });
    const unset = { data: { type: 'profile', id, attributes: {}, meta: { patch_properties: { unset: ['age'] } } } };
    expect((await raw.send('PATCH', `/api/profiles/${id}/`, unset)).text).toContain('"properties":{"tags":["a","b"]}');

    const got = await profiles.getProfile(id, { additionalFieldsProfile: ['subscriptions', 'predictive_analytics'] });
    expect(got.body.data.attributes.subscriptions?.email?.marketing?.consent).toBe('NEVER_SUBSCRIBED');
    expect(got.body.data.attributes.predictiveAnalytics).toMatchObject({ totalClv: null });
    expect(got.body.data.attributes.created).toBeInstanceOf(Date);

    const found = await profiles.getProfiles({ filter: 'equals(email,"ada@shop.pl")', fieldsProfile: ['email'] });
    expect(found.body.data.map((one) => one.attributes)).toEqual([{ email: 'ada@shop.pl' }]);
  });

  test('a second profile with the same address is a conflict that names the first', async () => {
    const body = { data: { type: 'profile' as const, attributes: { email: 'twice@shop.pl' } } };
    const first = await profiles.createProfile(body);
    const refused = await profiles.createProfile(body).catch((error: unknown) => error);
    expect(refused).toMatchObject({
      response: {
        status: 409,
        data: { errors: [{ code: 'duplicate_profile', meta: { duplicate_profile_id: first.body.data.id } }] },
      },
    });
  });

  test('create or update tells which it was', async () => {
    const write = (firstName: string) =>
      profiles.createOrUpdateProfile({
        data: { type: 'profile', attributes: { externalId: 'crm-7', firstName } },
      });
    const first = await write('Jan');
    const second = await write('Janek');
    expect([first.response.status, second.response.status]).toEqual([201, 200]);
    expect(second.body.data.id).toBe(first.body.data.id);
    expect(second.body.data.attributes.firstName).toBe('Janek');
  });

  test('pages forth and back by whole links', async () => {
    for (let i = 0; i < 5; i++) {
      await profiles.createOrUpdateProfile({ data: { type: 'profile', attributes: { email: `page${i}@pages.pl` } } });
    }
    const seen: (string | null | undefined)[] = [];
    const pages: string[][] = [];
    let cursor: string | undefined;
    let backTo: string | undefined;
    do {
      const { body } = await profiles.getProfiles({
        sort: '-email',
        pageSize: 3,
        ...(cursor === undefined ? {} : { pageCursor: cursor }),
      });
      pages.push(body.data.map((one) => one.id ?? ''));
      seen.push(...body.data.map((one) => one.attributes.email));
      cursor = body.links?.next;
      backTo = body.links?.prev;
    } while (cursor);
    expect(seen).toEqual(seen.toSorted((a, b) => ((a ?? '') < (b ?? '') ? 1 : -1)));
    expect(pages.length).toBeGreaterThan(2);
    expect(new Set(seen).size).toBe(seen.length);
    const back = await profiles.getProfiles({ sort: '-email', pageSize: 3, pageCursor: backTo ?? '' });
    expect(back.body.data.map((one) => one.id)).toEqual(pages.at(-2));
  });

  test('merge re-points events, deletion removes the person', async () => {
    await events.createEvent(orderPlaced('kept@merge.pl', 'm-1', 1));
    await events.createEvent(orderPlaced('gone@merge.pl', 'm-2', 2));
    const find = async (email: string): Promise<string> => {
      const { body } = await profiles.getProfiles({ filter: `equals(email,"${email}")` });
      return body.data[0]?.id ?? '';
    };
    const [kept, gone] = [await find('kept@merge.pl'), await find('gone@merge.pl')];
    const merged = await profiles.mergeProfiles({
      data: { type: 'profile-merge', id: kept, relationships: { profiles: { data: [{ type: 'profile', id: gone }] } } },
    });
    expect(merged.body.data.id).toBe(kept);
    const { body } = await events.getEvents({ filter: `equals(profile_id,"${kept}")`, sort: 'datetime' });
    expect(body.data.map((event) => propertyOf(event, '$value')).sort()).toEqual([1, 2]);

    const deleted = await privacy.requestProfileDeletion({
      data: {
        type: 'data-privacy-deletion-job',
        attributes: { profile: { data: { type: 'profile', attributes: { email: 'kept@merge.pl' } } } },
      },
    });
    expect(deleted.response.status).toBe(202);
    expect(await find('kept@merge.pl')).toBe('');
    const left = await events.getEvents({ filter: `equals(profile_id,"${kept}")` });
    expect(left.body.data).toEqual([]);
  });
});

describe('bulk imports of profiles', () => {
  test('are worked through, with an error for each profile that is refused', async () => {
    const started = await profiles.bulkImportProfiles({
      data: {
        type: 'profile-bulk-import-job',
        attributes: {
          profiles: {
            data: [
              { type: 'profile', attributes: { email: 'one@bulk.pl', properties: { n: 1 } } },
              { type: 'profile', attributes: { email: 'not an address', firstName: 'Nobody' } },
              { type: 'profile', attributes: { externalId: 'bulk-3' } },
              { type: 'profile', attributes: { firstName: 'Nameless' } },
            ],
          },
        },
      },
    });
    expect(started.response.status).toBe(202);
    expect(started.body.data.attributes).toMatchObject({ status: 'queued', totalCount: 4, completedCount: 0 });
    const jobId = started.body.data.id;
    const job = async () => (await profiles.getBulkImportProfilesJob(jobId)).body.data.attributes;
    await expect.poll(job, { timeout: 20_000 }).toMatchObject({
      status: 'complete',
      completedCount: 2,
      failedCount: 2,
      completedAt: expect.any(Date),
    });

    const errors = await profiles.getErrorsForBulkImportProfilesJob(jobId, { pageSize: 1 });
    expect(errors.body.data[0]?.attributes).toMatchObject({
      code: 'invalid',
      source: { pointer: '/data/attributes/profiles/data/1/attributes/email' },
      originalPayload: { type: 'profile', attributes: { email: 'not an address', first_name: 'Nobody' } },
    });
    const more = await profiles.getErrorsForBulkImportProfilesJob(jobId, {
      pageSize: 1,
      pageCursor: errors.body.links?.next ?? '',
    });
    expect(more.body.data[0]?.attributes.source.pointer).toBe('/data/attributes/profiles/data/3/attributes');
    expect(more.body.links?.next).toBeUndefined();

    const imported = await profiles.getProfilesForBulkImportProfilesJob(jobId, { fieldsProfile: ['email'] });
    expect(imported.body.data.map((one) => one.attributes.email)).toEqual(['one@bulk.pl', null]);
    const jobs = await profiles.getBulkImportProfilesJobs({ filter: 'any(status,["complete"])', sort: '-created_at' });
    expect(jobs.body.data.map((one) => one.id)).toContain(jobId);
  });
});

describe('events and metrics', () => {
  test('one event, with its metric and profile included', async () => {
    expect((await events.createEvent(orderPlaced('buyer@shop.pl', 'o-1', 19.99))).response.status).toBe(202);
    const { body } = await events.getEvents({
      filter: 'greater-or-equal(datetime,2026-03-01T12:00:00Z),less-than(timestamp,1772370000)',
      include: ['metric', 'profile', 'attributions'],
    });
    const event = body.data.find((one) => propertyOf(one, '$event_id') === 'o-1');
    expect(event?.attributes.eventProperties).toEqual({
      items: ['mug'],
      $value: 19.99,
      $currency_code: 'EUR',
      $event_id: 'o-1',
    });
    expect(event?.attributes.datetime).toEqual(new Date('2026-03-01T12:00:00Z'));
    // the client makes typed objects only of included items that have every top-level key
    const profile = body.included?.find(
      (one) => one.type === 'profile' && one.id === event?.relationships?.profile?.data?.id,
    );
    expect(profile).toMatchObject({ attributes: { email: 'buyer@shop.pl', properties: { vip: true } } });
    const metric = body.included?.find((one) => one.type === 'metric');
    expect(metric).toMatchObject({ attributes: { name: 'Placed Order', integration: { name: 'shopify' } } });

    const id = event?.id ?? '';
    const one = await events.getEvent(id, { include: ['metric'], fieldsMetric: ['name'] });
    expect(one.body.data.attributes.uuid).toBe(id);
    expect((await events.getMetricForEvent(id)).body.data?.attributes.name).toBe('Placed Order');
    expect((await events.getProfileForEvent(id)).body.data?.attributes.email).toBe('buyer@shop.pl');
  });

  test('bulk creation, paged by time', async () => {
    const bulk = (email: string, from: number) => ({
      type: 'event-bulk-create' as const,
      attributes: {
        profile: { data: { type: 'profile' as const, attributes: { email } } },
        events: {
          data: Array.from({ length: 30 }, (_, i) => ({
            type: 'event' as const,
            attributes: {
              properties: { n: from + i },
              time: new Date(Date.UTC(2025, 0, 1, 0, from + i)),
              uniqueId: `b-${from + i}`,
              metric: { data: { type: 'metric' as const, attributes: { name: 'Viewed Page' } } },
            },
          })),
        },
      },
    });
    const { response } = await events.bulkCreateEvents({
      data: {
        type: 'event-bulk-create-job',
        attributes: { eventsBulkCreate: { data: [bulk('a@views.pl', 0), bulk('b@views.pl', 30)] } },
      },
    });
    expect(response.status).toBe(202);

    const named = await metrics.getMetrics({ filter: 'equals(integration.name,"API")' });
    const metric = named.body.data.find((one) => one.attributes.name === 'Viewed Page');
    expect((await metrics.getMetric(metric?.id ?? '')).body.data.attributes).toEqual(metric?.attributes);
    const seen: unknown[] = [];
    let cursor: string | undefined;
    do {
      const page = await events.getEvents({
        filter: `equals(metric_id,"${metric?.id}")`,
        sort: 'datetime',
        pageSize: 25,
        ...(cursor === undefined ? {} : { pageCursor: cursor }),
      });
      seen.push(...page.body.data.map((one) => propertyOf(one, 'n')));
      cursor = page.body.links?.next;
    } while (cursor);
    expect(seen).toEqual(Array.from({ length: 60 }, (_, i) => i));
  });
});

describe('from browsers and apps', () => {
  test('without a key, by the public id of the account', async () => {
    const client = new RawKlaviyo(server().origin, null);
    const profile = { data: { type: 'profile', attributes: { email: 'web@shop.pl', first_name: 'Web' } } };
    const metric = { data: { type: 'metric', attributes: { name: 'Clicked' } } };
    const event = { type: 'event', attributes: { properties: {}, metric, time: '2026-02-02T02:02:02Z' } };
    const answers = [
      await client.post(`/client/profiles/?company_id=${accountId}`, profile),
      await client.post(`/client/events/?company_id=${accountId}`, {
        data: { ...event, attributes: { ...event.attributes, profile } },
      }),
      await client.post(`/client/event-bulk-create/?company_id=${accountId}`, {
        data: {
          type: 'event-bulk-create',
          attributes: {
            profile,
            events: { data: [{ ...event, attributes: { ...event.attributes, unique_id: 'w' } }] },
          },
        },
      }),
    ];
    expect(answers.map((answer) => [answer.status, answer.text])).toEqual([
      [202, ''],
      [202, ''],
      [202, ''],
    ]);
    const { body } = await profiles.getProfiles({ filter: 'equals(email,"web@shop.pl")' });
    expect(body.data[0]?.attributes).toMatchObject({
      firstName: 'Web',
      lastEventDate: new Date('2026-02-02T02:02:02Z'),
    });
    const preflight = await client.send('OPTIONS', '/client/events/', undefined, { 'content-type': '' });
    expect([preflight.status, preflight.headers.get('access-control-allow-headers')]).toEqual([
      204,
      'content-type, revision',
    ]);
    expect(answers[0]?.headers.get('access-control-allow-origin')).toBe('*');
    const stranger = await client.post('/client/events/?company_id=XXXXXX', { data: event });
    expect(stranger.status).toBe(400);
  });
});

test('every operation has answered as described', async () => {
  expect((await raw.get('/api/nothing')).status).toBe(404);
  expect([...server().judge.succeeded].sort()).toEqual(operationList.map(({ id }) => id as string).sort());
});
