/** Lists: every filter, sort and fieldset against stored rows; values come back byte for byte. */
import { beforeAll, describe, expect, test } from 'vitest';
import { klaviyoServer } from '../../src/http/testing/klaviyo-server.ts';
import { RawKlaviyo } from '../../src/http/testing/raw-klaviyo.ts';

const server = klaviyoServer();
let api: RawKlaviyo;

interface Item {
  readonly id: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

beforeAll(async () => {
  const { account, key } = await server().newAccount('Lists');
  api = new RawKlaviyo(server().origin, key);
  for (const [i, name] of ['a', 'b', 'c', 'd'].entries()) {
    const attributes = { email: `${name}@lists.pl`, phone_number: `+4850000000${i}`, external_id: `crm-${name}` };
    await api.post('/api/profiles', { data: { type: 'profile', attributes } });
    for (const metric of ['Opened', 'Clicked']) {
      await api.post('/api/events', {
        data: {
          type: 'event',
          attributes: {
            properties: { name },
            time: `2026-01-0${i + 1}T00:00:00Z`,
            metric: { data: { type: 'metric', attributes: { name: metric, service: metric } } },
            profile: { data: { type: 'profile', attributes: { email: `${name}@lists.pl` } } },
          },
        },
      });
    }
  }
  // what a mirrored account would bring
  await server().db.query(
    `update profile set subscriptions = $2, created = '2026-02-01T00:00:00.000001Z'
      where account_id = $1 and email = 'b@lists.pl'`,
    [
      account.id,
      JSON.stringify({
        email: {
          marketing: {
            can_receive_email_marketing: false,
            consent: 'UNSUBSCRIBED',
            suppression: [{ reason: 'UNSUBSCRIBE', timestamp: '2026-01-15T00:00:00+00:00' }],
            list_suppressions: [{ list_id: 'L1', reason: 'USER', timestamp: '2026-01-16T00:00:00+00:00' }],
          },
        },
      }),
    ],
  );
  await server().db.query(
    `update profile set created = '2026-02-01T00:00:00.000002Z' where account_id = $1 and email = 'a@lists.pl'`,
    [account.id],
  );
});

async function list(path: string, parameters: Readonly<Record<string, string>> = {}): Promise<Item[]> {
  const items: Item[] = [];
  let next: string | undefined = `${path}?${new URLSearchParams(parameters)}`;
  while (next !== undefined) {
    const { status, json } = await api.get(next);
    expect(status).toBe(200);
    items.push(...((json?.data ?? []) as Item[]));
    next = json?.links?.['next']?.replace(server().origin, '');
  }
  return items;
}

async function idOf(path: string, filter: string): Promise<string> {
  const [first] = await list(path, { filter });
  return first?.id ?? '';
}

const suppression = 'subscriptions.email.marketing.suppression';
const listSuppressions = 'subscriptions.email.marketing.list_suppressions';

describe('profiles', () => {
  const emails = async (parameters: Readonly<Record<string, string>>): Promise<string> =>
    (await list('/api/profiles', parameters)).map(({ attributes }) => String(attributes['email'])[0]).join('');

  test.each([
    ['equals(email,"A@Lists.pl")', 'a'],
    ['any(email,["a@lists.pl","d@lists.pl","x@lists.pl"])', 'ad'],
    ['equals(phone_number,"+48500000001")', 'b'],
    ['equals(phone_number,"+48 500 000 001")', 'b'],
    ['equals(external_id,["crm-c","crm-d"])', 'cd'],
    ['any(external_id,["crm-c"]),equals(email,"c@lists.pl")', 'c'],
    ['and(any(external_id,["crm-c"]),equals(email,"d@lists.pl"))', ''],
    ['equals(_kx,"anything")', ''],
    ['greater-than(created,2026-02-01T00:00:00.000001Z),less-than(created,2026-02-01T00:00:01Z)', 'a'],
    ['less-than(updated,2020-01-01T00:00:00Z)', ''],
    [`equals(${suppression}.reason,"UNSUBSCRIBE")`, 'b'],
    [`greater-or-equal(${suppression}.timestamp,2026-01-15T01:00:00+01:00)`, 'b'],
    [`greater-than(${suppression}.timestamp,2026-01-15)`, ''],
    [`equals(${listSuppressions}.list_id,"L1")`, 'b'],
    [`equals(${listSuppressions}.reason,"OTHER")`, ''],
    [`less-or-equal(${listSuppressions}.timestamp,2026-01-16)`, 'b'],
  ])('%s', async (filter, expected) => {
    expect(await emails({ filter, sort: 'email' })).toBe(expected);
  });

  test.each([
    ['email', 'abcd'],
    ['-email', 'dcba'],
    ['id', 'abcd'],
    ['-id', 'dcba'],
    ['created', 'bacd'],
    ['-created', 'dcab'],
    ['updated', 'abcd'],
    [`-${suppression}.timestamp`, 'bdca'],
    [`${listSuppressions}.timestamp`, 'acdb'],
  ])('sorted by %s, whatever the page size', async (sort, expected) => {
    for (const size of ['1', '2', '3', '100']) {
      expect(await emails({ sort, 'page[size]': size })).toBe(expected);
    }
  });

  test('what the mirror brought is shown, the rest has never subscribed', async () => {
    const fields = 'subscriptions.email.marketing.consent';
    const rows = await list('/api/profiles', { 'fields[profile]': fields, sort: 'email' });
    expect(rows.map(({ attributes }) => JSON.stringify(attributes))).toEqual(
      ['NEVER_SUBSCRIBED', 'UNSUBSCRIBED', 'NEVER_SUBSCRIBED', 'NEVER_SUBSCRIBED'].map((consent) =>
        JSON.stringify({ subscriptions: { email: { marketing: { consent } } } }),
      ),
    );
  });
});

describe('events', () => {
  const names = async (filter: string, sort = 'datetime'): Promise<string> =>
    (await list('/api/events', { filter, sort, 'page[size]': '3' }))
      .map(({ attributes }) => (attributes['event_properties'] as { name: string }).name)
      .join('');

  test('by time, in seconds and as dates', async () => {
    expect(await names('has(profile)')).toBe('aabbccdd');
    expect(await names('has(metric)', '-timestamp')).toBe('ddccbbaa');
    expect(await names('greater-than(datetime,2026-01-02),less-or-equal(datetime,2026-01-03T00:00:00Z)')).toBe('cc');
    expect(await names('greater-or-equal(timestamp,1767312000),less-than(timestamp,1767398400)')).toBe('bb');
  });

  test('by metric and profile', async () => {
    const opened = await idOf('/api/metrics', 'equals(integration.name,"Opened")');
    const clicked = await idOf('/api/metrics', 'equals(integration.name,"Clicked")');
    const c = await idOf('/api/profiles', 'equals(email,"c@lists.pl")');
    expect(await names(`equals(metric_id,"${opened}")`)).toBe('abcd');
    expect(await names(`equals(metric_id,["${opened}","${clicked}"])`)).toBe('aabbccdd');
    expect(await names(`equals(profile_id,"${c}"),equals(metric_id,"${clicked}")`)).toBe('c');
    expect(await names('equals(metric_id,"nothing")')).toBe('');
  });
});

describe('pages', () => {
  test('backwards they show the same rows as forwards', async () => {
    const page = async (address: string) => (await api.get(address.replace(server().origin, ''))).json;
    const ids = (document: Awaited<ReturnType<typeof page>>) => ((document?.data ?? []) as Item[]).map(({ id }) => id);
    const first = await page('/api/events?page[size]=3&sort=datetime');
    const second = await page(first?.links?.['next'] ?? '');
    const third = await page(second?.links?.['next'] ?? '');
    expect(third?.links).not.toHaveProperty('next');
    const back = await page(third?.links?.['prev'] ?? '');
    expect(ids(back)).toEqual(ids(second));
    const start = await page(back?.links?.['prev'] ?? '');
    expect(ids(start)).toEqual(ids(first));
    expect(start?.links).not.toHaveProperty('prev');
    expect(first?.links).not.toHaveProperty('prev');
  });

  test('a cursor is of one list: another sort, filter or resource refuses it', async () => {
    const { json } = await api.get('/api/profiles?page[size]=1&sort=email');
    const cursor = new URL(json?.links?.['next'] ?? '').searchParams.get('page[cursor]') ?? '';
    expect((await api.get(`/api/profiles?sort=email&page[cursor]=${cursor}`)).status).toBe(200);
    for (const path of [
      '/api/profiles?sort=-email',
      '/api/profiles?sort=email&filter=has(x)',
      '/api/events?sort=datetime',
    ]) {
      expect((await api.get(`${path}&page[cursor]=${cursor}`)).status).toBe(400);
    }
  });
});

describe('values', () => {
  const properties =
    '{"big":9223372036854775807,"beyond":18446744073709551616.000000000000000000001,"2":"key order","1":"kept",' +
    '"exp":1E+2,"zero":-0.0,"zażółć":"gęślą 😀","__proto__":{"a":[]},"nested":{"b":[1.10,null,true]}}';

  test('of profiles and events keep every digit and their order', async () => {
    const body = `{"data":{"type":"event","attributes":{"time":"2026-03-03T03:03:03Z","value":12345678901234567890.12345,
      "properties": ${properties}, "metric":{"data":{"type":"metric","attributes":{"name":"Digits"}}},
      "profile":{"data":{"type":"profile","attributes":{"email":"digits@lists.pl","properties":${properties}}}}}}}`;
    expect((await api.post('/api/events', body)).status).toBe(202);
    const event = await api.get('/api/events?filter=greater-than(datetime,2026-03-03)');
    expect(event.text).toContain(`"event_properties":${properties.slice(0, -1)},"$value":12345678901234567890.12345}`);
    const profile = await api.get('/api/profiles?filter=equals(email,"digits@lists.pl")');
    expect(profile.text).toContain(`"properties":${properties}`);
  });

  test('NUL and lone surrogates are replaced, and the row tells', async () => {
    const body = String.raw`{"data":{"type":"profile","attributes":{"email":"nul@lists.pl","properties":{"a":"x\u0000y\ud800"}}}}`;
    const created = await api.post('/api/profiles', body);
    expect(created.text).toContain('"properties":{"a":"x\uFFFDy\uFFFD"}');
    const { rows } = await server().db.query<{ notes: string }>(
      `select door_notes::text as notes from profile where email = 'nul@lists.pl'`,
    );
    expect(JSON.parse(rows[0]?.notes ?? '')).toEqual([
      { path: '/properties/a', change: 'nul-replaced' },
      { path: '/properties/a', change: 'surrogate-replaced' },
    ]);
  });
});
