/** Bad input: the documented error, nothing stored, nothing leaked. */
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { klaviyoServer } from '../../src/http/testing/klaviyo-server.ts';
import { RawKlaviyo, type RawAnswer, type RawBody } from '../../src/http/testing/raw-klaviyo.ts';

const server = klaviyoServer();
let api: RawKlaviyo;
let other: RawKlaviyo;
let key: string;

beforeAll(async () => {
  const mine = await server().newAccount('Bad input');
  const theirs = await server().newAccount('Somebody else');
  key = mine.key;
  api = new RawKlaviyo(server().origin, mine.key);
  other = new RawKlaviyo(server().origin, theirs.key);
});

/** Every row of customers' data there is, of any account. */
async function everything(): Promise<string> {
  const { rows } = await server().db.query<{ rows: string }>(
    `select json_build_array((select json_agg(e order by e) from (select e::text from event e)),
                             (select json_agg(p order by p) from (select p::text from profile p)),
                             (select json_agg(m order by m) from (select m::text from metric m)),
                             (select json_agg(j order by j) from (select j::text from profile_import_job j)))::text as rows`,
  );
  return rows[0]?.rows ?? '';
}

/** The request is refused with one documented error at the place, and changes nothing. */
async function refused(
  send: () => Promise<RawAnswer>,
  expected: { readonly status: number; readonly code: string; readonly at?: string | undefined },
): Promise<RawAnswer> {
  const before = await everything();
  const answer = await send();
  expect(answer.headers.get('content-type')).toContain('application/vnd.api+json');
  const [error] = answer.json?.errors ?? [];
  expect({ status: answer.status, code: error?.code, at: error?.source.pointer ?? error?.source.parameter }).toEqual({
    at: error?.source.pointer ?? error?.source.parameter,
    ...expected,
  });
  expect(answer.text).not.toContain(key);
  expect(await everything()).toBe(before);
  return answer;
}

const metric = { data: { type: 'metric', attributes: { name: 'Bad' } } };
const person = { data: { type: 'profile', attributes: { email: 'bad@shop.pl' } } };
const events = '/api/event-bulk-create-jobs';

function event(attributes: object): object {
  return { type: 'event', attributes: { properties: {}, metric, time: '2026-01-01T00:00:00Z', ...attributes } };
}

function bulk(list: readonly object[], profile: object = person): object {
  const entry = { type: 'event-bulk-create', attributes: { profile, events: { data: list } } };
  return { data: { type: 'event-bulk-create-job', attributes: { 'events-bulk-create': { data: [entry] } } } };
}

function oneEvent(attributes: object): object {
  return { data: event({ profile: person, ...attributes }) };
}

function oneProfile(attributes: object, more: object = {}): object {
  return { data: { type: 'profile', attributes, ...more } };
}

const inBulk = '/data/attributes/events-bulk-create/data';
const firstEvent = `${inBulk}/0/attributes/events/data/0/attributes`;

describe('bodies', () => {
  test.each<[string, string, RawBody, string]>([
    ['no JSON at all', '/api/events', 'hello', '/data'],
    ['half of it', '/api/events', '{"data": {"type": "event"', '/data'],
    ['text after it', '/api/events', '{} {}', '/data'],
    ['bytes that are not UTF-8', '/api/events', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), '/data'],
    ['nested too deep', '/api/events', '['.repeat(100_000), '/data'],
    ['a list', '/api/events', [], ''],
    ['null', '/api/events', 'null', ''],
    ['no data', '/api/events', {}, '/data'],
    ['data that is text', '/api/profiles', { data: 'x' }, '/data'],
    ['another type', '/api/profiles', { data: { type: 'event', attributes: { email: 'a@b.pl' } } }, '/data/type'],
    ['no attributes', '/api/profiles', { data: { type: 'profile' } }, '/data/attributes'],
    ['nobody', '/api/profiles', oneProfile({ first_name: 'Nobody' }), '/data/attributes'],
    ['an address that is a number', '/api/profiles', oneProfile({ email: 7 }), '/data/attributes/email'],
    ['an address that is none', '/api/profiles', oneProfile({ email: 'a b@c' }), '/data/attributes/email'],
    [
      'a national phone number',
      '/api/profiles',
      oneProfile({ phone_number: '501 502 503' }),
      '/data/attributes/phone_number',
    ],
    [
      'properties that are a list',
      '/api/profiles',
      oneProfile({ email: 'a@b.pl', properties: [] }),
      '/data/attributes/properties',
    ],
    [
      'a location with more',
      '/api/profiles',
      oneProfile({ email: 'a@b.pl', location: { planet: 'x' } }),
      '/data/attributes/location/planet',
    ],
    [
      'a latitude that is a list',
      '/api/profiles',
      oneProfile({ email: 'a@b.pl', location: { latitude: [] } }),
      '/data/attributes/location/latitude',
    ],
    [
      'unset of a number',
      '/api/profile-import',
      oneProfile({ email: 'a@b.pl' }, { meta: { patch_properties: { unset: 1 } } }),
      '/data/meta/patch_properties/unset',
    ],
    [
      '101 KB of properties',
      '/api/profile-import',
      oneProfile({ email: 'a@b.pl', properties: { x: 'y'.repeat(101 * 1024) } }),
      '/data/attributes',
    ],
    ['an event without a metric', '/api/events', oneEvent({ metric: undefined }), '/data/attributes/metric'],
    [
      'an event of nobody',
      '/api/events',
      oneEvent({ profile: { data: { type: 'profile', attributes: {} } } }),
      '/data/attributes/profile/data/attributes',
    ],
    [
      'an event with a bad address',
      '/api/events',
      oneEvent({ profile: { data: { type: 'profile', attributes: { email: 'x' } } } }),
      '/data/attributes/profile/data/attributes/email',
    ],
    ['a value that is text', '/api/events', oneEvent({ value: '12' }), '/data/attributes/value'],
    ['a currency that is none', '/api/events', oneEvent({ value_currency: 'zł' }), '/data/attributes/value_currency'],
    ['Unix seconds', '/api/events', oneEvent({ time: 1700000000 }), '/data/attributes/time'],
    ['the year 1969', '/api/events', oneEvent({ time: '1969-07-20T20:17:40Z' }), '/data/attributes/time'],
    [
      '401 properties',
      '/api/events',
      oneEvent({ properties: Object.fromEntries(Array.from({ length: 401 }, (_, i) => [`p${i}`, 'x'])) }),
      '/data/attributes/properties',
    ],
    [
      'a metric name of 128 characters',
      '/api/events',
      oneEvent({ metric: { data: { type: 'metric', attributes: { name: 'n'.repeat(128) } } } }),
      '/data/attributes/metric/data/attributes/name',
    ],
    [
      'one bad event among good ones',
      events,
      bulk([event({ value: true }), event({ unique_id: 'fine' })]),
      `${firstEvent}/value`,
    ],
    ['no events', events, bulk([]), inBulk],
    ['1,001 events', events, bulk(Array.from({ length: 1001 }, (_, i) => event({ unique_id: `e${i}` }))), inBulk],
    ['a unique_id given twice', events, bulk([event({ unique_id: 'u' }), event({ unique_id: 'u' })]), inBulk],
    [
      '10,001 profiles',
      '/api/profile-bulk-import-jobs',
      {
        data: {
          type: 'profile-bulk-import-job',
          attributes: { profiles: { data: Array.from({ length: 10_001 }, () => oneProfile({ email: 'a@b.pl' })) } },
        },
      },
      '/data/attributes/profiles/data',
    ],
    [
      'an import of numbers',
      '/api/profile-bulk-import-jobs',
      { data: { type: 'profile-bulk-import-job', attributes: { profiles: { data: [1] } } } },
      '/data/attributes/profiles/data/0',
    ],
    [
      'an import into a list',
      '/api/profile-bulk-import-jobs',
      {
        data: {
          type: 'profile-bulk-import-job',
          attributes: { profiles: { data: [{ type: 'profile', attributes: { email: 'a@b.pl' } }] } },
          relationships: { lists: { data: [{ type: 'list', id: 'L' }] } },
        },
      },
      '/data/relationships/lists/data',
    ],
    [
      'patched identifiers',
      '/api/profile-import',
      oneProfile({ email: 'a@b.pl' }, { meta: { patch_identifiers: { append: {} } } }),
      '/data/meta/patch_identifiers',
    ],
    [
      'a merge of two at once',
      '/api/profile-merge',
      {
        data: {
          type: 'profile-merge',
          id: 'a',
          relationships: {
            profiles: {
              data: [
                { type: 'profile', id: 'b' },
                { type: 'profile', id: 'c' },
              ],
            },
          },
        },
      },
      '/data/relationships/profiles/data',
    ],
    [
      'a deletion by two names',
      '/api/data-privacy-deletion-jobs',
      {
        data: {
          type: 'data-privacy-deletion-job',
          attributes: {
            profile: { data: oneProfile({ email: 'a@b.pl', phone_number: '+48123456789' })['data' as never] },
          },
        },
      },
      '/data/attributes/profile/data',
    ],
  ])('%s', async (_, path, body, at) => {
    await refused(() => api.post(path, body), { status: 400, code: 'invalid', at });
  });

  test('5 MB and one byte, plain or packed; 5 MB are read', async () => {
    const filled = (bytes: number): string => {
      const body = JSON.stringify({ data: null, filler: '' });
      return body.replace('""', `"${'x'.repeat(bytes - body.length)}"`);
    };
    const limit = 5 * 1024 * 1024;
    const tooLarge = { status: 413, code: 'payload_too_large' };
    await refused(() => api.post(events, filled(limit + 1)), tooLarge);
    const packed = gzipSync(filled(limit + 1));
    await refused(() => api.post(events, packed, { 'content-encoding': 'gzip' }), tooLarge);
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024, 0x20));
    await refused(() => api.post(events, bomb, { 'content-encoding': 'gzip' }), tooLarge);
    await refused(() => api.post(events, filled(limit)), { status: 400, code: 'invalid' });
  });

  test('compression that is damaged or unknown, a foreign media type, no body', async () => {
    const invalid = { status: 400, code: 'invalid' };
    await refused(() => api.post(events, Buffer.from('not gzip'), { 'content-encoding': 'gzip' }), invalid);
    const unsupported = { status: 415, code: 'unsupported_media_type' };
    await refused(() => api.post(events, '{}', { 'content-encoding': 'compress' }), unsupported);
    await refused(() => api.post(events, 'a=b', { 'content-type': 'application/x-www-form-urlencoded' }), unsupported);
    await refused(() => api.send('POST', events), invalid);
  });
});

describe('callers', () => {
  test('without a revision, or with one that is not known', async () => {
    const body = oneProfile({ email: 'a@b.pl' });
    for (const revision of ['', 'latest', '1999-01-01', '2199-01-01']) {
      const expected = { status: 400, code: 'invalid_revision', at: 'revision' };
      await refused(() => api.post('/api/profiles', body, { revision }), expected);
    }
    const old = await api.get('/api/profiles', { revision: '2023-02-22' });
    expect([old.status, old.headers.get('revision')]).toEqual([200, '2023-02-22']);
  });

  test('without a key, or with a wrong one', async () => {
    const body = oneProfile({ email: 'a@b.pl' });
    const wrong = `pk_${'0'.repeat(34)}`;
    const missing = { status: 401, code: 'not_authenticated' };
    const incorrect = { status: 401, code: 'authentication_failed' };
    await refused(() => api.post('/api/profiles', body, { authorization: '' }), missing);
    await refused(() => api.post('/api/profiles', body, { authorization: `Bearer ${key}` }), missing);
    await refused(() => api.post('/api/profiles', body, { authorization: `Klaviyo-API-Key ${wrong}` }), incorrect);
    await refused(() => api.post('/api/profiles', body, { authorization: `Klaviyo-API-Key ${key}0` }), incorrect);
    await refused(() => api.post(`/client/profiles/?company_id=${key}`, body), {
      status: 400,
      code: 'invalid',
      at: 'company_id',
    });
    // before the body is even looked at
    await refused(() => api.post('/api/profiles', '{{{', { authorization: '' }), missing);
  });

  test("with another account's ids: as if there were no such thing", async () => {
    expect((await other.post('/api/events', oneEvent({ unique_id: 'theirs' }))).status).toBe(202);
    const one = async (path: string): Promise<string> => {
      const { json } = await other.get(path);
      const [first] = (json?.data ?? []) as { id: string }[];
      return first?.id ?? '';
    };
    const [profile, eventId, metricId, account] = [
      await one('/api/profiles'),
      await one('/api/events'),
      await one('/api/metrics'),
      await one('/api/accounts'),
    ];
    const job = {
      data: {
        type: 'profile-bulk-import-job',
        attributes: { profiles: { data: [oneProfile({ email: 'j@b.pl' })['data' as never]] } },
      },
    };
    const created = (await other.post('/api/profile-bulk-import-jobs', job)).json?.data as { id: string };
    const jobPath = `/api/profile-bulk-import-jobs/${created.id}`;
    const missing = { status: 404, code: 'not_found' };
    const paths = [
      `/api/profiles/${profile}`,
      `/api/metrics/${metricId}`,
      `/api/accounts/${account}`,
      `/api/events/${eventId}`,
      `/api/events/${eventId}/profile`,
      `/api/events/${eventId}/metric`,
      jobPath,
      `${jobPath}/import-errors`,
      `${jobPath}/profiles`,
    ];
    for (const path of paths) {
      expect((await other.get(path)).status).toBe(200);
      await refused(() => api.get(path), missing);
    }
    const patch = oneProfile({ first_name: 'Mine' }, { id: profile });
    await refused(() => api.send('PATCH', `/api/profiles/${profile}`, patch), missing);
    const mine = (await api.post('/api/profiles', oneProfile({ email: 'mine@b.pl' }))).json?.data as { id: string };
    const merge = {
      data: {
        type: 'profile-merge',
        id: mine.id,
        relationships: { profiles: { data: [{ type: 'profile', id: profile }] } },
      },
    };
    await refused(() => api.post('/api/profile-merge', merge), missing);
    const ofTheirs = { data: { type: 'profile', id: profile, attributes: {} } };
    await refused(() => api.post('/api/events', oneEvent({ profile: ofTheirs })), missing);
    await refused(() => api.post(events, bulk([event({}), event({ unique_id: 'x' })], ofTheirs)), missing);

    const before = await everything();
    const deletion = { data: { type: 'data-privacy-deletion-job', attributes: { profile: ofTheirs } } };
    expect((await api.post('/api/data-privacy-deletion-jobs', deletion)).status).toBe(202);
    expect(await everything()).toBe(before);
    const found = await api.get(`/api/events?filter=equals(profile_id,"${profile}")`);
    expect(found.json?.data).toEqual([]);
  });
});

describe('addresses', () => {
  test.each([
    ['GET', '/api/nothing', 404, 'not_found'],
    ['GET', '/client/nothing', 404, 'not_found'],
    ['DELETE', '/api/profiles', 405, 'method_not_allowed'],
    ['POST', '/api/accounts', 405, 'method_not_allowed'],
    ['GET', '/api/profiles/none', 404, 'not_found'],
    ['GET', '/api/events/none', 404, 'not_found'],
    ['GET', '/api/profiles/%00', 400, 'invalid'],
    ['GET', '/api/profiles/%', 400, 'invalid'],
    ['POST', '/client/%zz', 400, 'invalid'],
    ['GET', '/api/profiles?page[size]=101', 400, 'invalid'],
    ['GET', '/api/profiles?page[size]=0', 400, 'invalid'],
    ['GET', '/api/profiles?page[size]=1e1', 400, 'invalid'],
    ['GET', '/api/profiles?page[number]=2', 400, 'invalid'],
    ['GET', '/api/profiles?page[size]=1&page[size]=2', 400, 'invalid'],
    ['GET', '/api/profiles?page[cursor]=abc', 400, 'invalid'],
    ['GET', '/api/metrics?page[size]=10', 400, 'invalid'],
    ['GET', '/api/metrics?sort=name', 400, 'invalid'],
    ['GET', '/api/profiles?sort=password', 400, 'invalid'],
    ['GET', '/api/profiles?include=orders', 400, 'invalid'],
    ['GET', '/api/profiles?fields[profile]=password', 400, 'invalid'],
    ['GET', '/api/profiles?fields[user]=id', 400, 'invalid'],
    ['GET', '/api/profiles?additional-fields[profile]=secrets', 400, 'invalid'],
    ['GET', `/api/profiles?filter=equals(email,"a')`, 400, 'invalid'],
    ['GET', '/api/events?filter=any(metric_id,["a"])', 400, 'invalid'],
    ['GET', '/api/events/x/metric?filter=has(profile)', 400, 'invalid'],
  ])('%s %s is refused', async (method, path, status, code) => {
    await refused(() => api.send(method, path), { status, code });
  });
});

test('keys are in no log line', () => {
  expect(server().logged.length).toBeGreaterThan(0);
  expect(server().logged.join('\n')).not.toContain(key);
});
