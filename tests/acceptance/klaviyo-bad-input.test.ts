/** Bad input: the documented error, nothing stored, nothing leaked. */
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { klaviyoServer } from '../../src/http/testing/klaviyo-server.ts';
import { RawKlaviyo } from '../../src/http/testing/raw-klaviyo.ts';

const server = klaviyoServer();
let api: RawKlaviyo;
let accountId: number;

beforeAll(async () => {
  const { account, key } = await server().newAccount('Bad input');
  accountId = account.id;
  api = new RawKlaviyo(server().origin, key);
});

function bulk(count: number): object {
  const events = Array.from({ length: count }, (_, i) => ({
    type: 'event',
    attributes: {
      properties: { i },
      unique_id: `e${i}`,
      time: '2026-01-01T00:00:00Z',
      metric: { data: { type: 'metric', attributes: { name: 'Bad' } } },
    },
  }));
  return {
    data: {
      type: 'event-bulk-create-job',
      attributes: {
        'events-bulk-create': {
          data: [
            {
              type: 'event-bulk-create',
              attributes: {
                profile: { data: { type: 'profile', attributes: { email: 'bad@shop.pl' } } },
                events: { data: events },
              },
            },
          ],
        },
      },
    },
  };
}

async function storedRows(): Promise<number> {
  const { rows } = await server().db.query<{ count: number }>(
    `select (select count(*) from event where account_id = $1) + (select count(*) from profile where account_id = $1)
          + (select count(*) from metric where account_id = $1) as count`,
    [accountId],
  );
  return rows[0]?.count ?? -1;
}

describe('bulk events', () => {
  test('1,001 events are refused, 1,000 are stored before the answer', async () => {
    const refused = await api.post('/api/event-bulk-create-jobs', bulk(1001));
    expect(refused.status).toBe(400);
    expect(refused.json?.errors?.[0]?.source.pointer).toBe('/data/attributes/events-bulk-create/data');
    expect(await storedRows()).toBe(0);

    const accepted = await api.post('/api/event-bulk-create-jobs', gzipSync(JSON.stringify(bulk(1000))), {
      'content-encoding': 'gzip',
    });
    expect(accepted.status).toBe(202);
    expect(accepted.text).toBe('');
    expect(await storedRows()).toBe(1002);
  });
});
