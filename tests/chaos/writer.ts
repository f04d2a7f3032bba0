import { get, post, type ShopApi } from '../../examples/demo/api.ts';
import { recordEvents } from '../../examples/demo/load.ts';
import type { Random } from './random.ts';
import type { Victim } from './victim.ts';

export interface Writer {
  /** Ends after the request in hand; returns the unique ids of all acknowledged orders of people who were not deleted. */
  stop(): Promise<string[]>;
}

/** A shop that never sleeps: each request is repeated until it is acknowledged, as a careful client would. */
export function startWriter(victim: Victim, random: Random): Writer {
  const acknowledged: string[] = [];
  const stopping = new AbortController();
  let batch = 0;

  const insist = async (work: (api: ShopApi) => Promise<unknown>): Promise<void> => {
    for (;;) {
      try {
        await work(await victim.shopApi());
        return;
      } catch (error) {
        // refused for good is a defect of the test or the product; anything else is the kill
        if (error instanceof Error && /HTTP 4\d\d/.test(error.message)) throw error;
        await new Promise((done) => setTimeout(done, 50));
      }
    }
  };

  const loop = (async () => {
    while (!stopping.signal.aborted) {
      batch += 1;
      const ids = Array.from({ length: 20 }, (_, i) => `chaos-${batch}-${i}`);
      const orders = ids.map((id) => orderBody(id, customer(random), random));
      await insist((api) => recordEvents(api, orders));
      acknowledged.push(...ids);
      await insist((api) => post(api, '/api/profile-import', profileUpdate(customer(random), batch)));
      if (batch % 10 === 0) await insist((api) => mergeNewcomers(api, batch));
      if (batch % 15 === 0) await insist((api) => deleteNewcomer(api, batch));
    }
  })();

  return {
    async stop() {
      stopping.abort();
      await loop;
      return acknowledged;
    },
  };
}

const customer = (random: Random): string => String(1 + Math.floor(random() * 23_570)).padStart(5, '0');

function orderBody(
  uniqueId: string,
  externalId: string,
  random: Random,
  metric = random() < 0.5 ? 'Placed Order' : 'Viewed Product',
): string {
  return (
    `{"type":"event-bulk-create","attributes":{"profile":{"data":{"type":"profile","attributes":{"external_id":"${externalId}"}}},` +
    `"events":{"data":[{"type":"event","attributes":{"metric":{"data":{"type":"metric","attributes":{"name":"${metric}"}}},` +
    `"time":"2026-0${1 + Math.floor(random() * 9)}-15T12:00:00Z","value":${(random() * 100).toFixed(2)},"unique_id":"${uniqueId}",` +
    `"properties":{"big":9007199254740993,"text":"żółć 😀"}}}]}}}`
  );
}

function profileUpdate(externalId: string, n: number): string {
  return JSON.stringify({
    data: { type: 'profile', attributes: { external_id: externalId, properties: { visit: n } } },
  });
}

/** Two new people who turn out to be one. Repeatable: the second merge of the same pair finds only the survivor. */
async function mergeNewcomers(api: ShopApi, n: number): Promise<void> {
  const kept = await ensureProfile(api, `newcomer-${n}-a`);
  const gone = await ensureProfile(api, `newcomer-${n}-b`);
  if (kept === gone) return;
  const relationships = { profiles: { data: [{ type: 'profile', id: gone }] } };
  await post(api, '/api/profile-merge', JSON.stringify({ data: { type: 'profile-merge', id: kept, relationships } }));
}

/** A new person with an event, then forgotten. */
async function deleteNewcomer(api: ShopApi, n: number): Promise<void> {
  const externalId = `leaver-${n}`;
  await recordEvents(api, [orderBody(`leaver-${n}`, externalId, () => 0.25)]);
  const filter = encodeURIComponent(`equals(external_id,"${externalId}")`);
  const page = (await get(api, `/api/profiles?filter=${filter}`)) as { data: { id: string }[] };
  const id = page.data[0]?.id;
  if (!id) return;
  const profile = { data: { type: 'profile', id, attributes: {} } };
  await post(
    api,
    '/api/data-privacy-deletion-jobs',
    JSON.stringify({ data: { type: 'data-privacy-deletion-job', attributes: { profile } } }),
  );
}

async function ensureProfile(api: ShopApi, externalId: string): Promise<string> {
  const body = { data: { type: 'profile', attributes: { external_id: externalId } } };
  const reply = (await post(api, '/api/profile-import', JSON.stringify(body))) as { data: { id: string } };
  return reply.data.id;
}
