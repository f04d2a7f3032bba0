/* `npm run test:chaos`: kill -9 at random moments; tests/chaos/README.md says what must hold at the end. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadPurchases } from '../../examples/demo/load.ts';
import { readPurchases } from '../../examples/demo/purchases.ts';
import { endpoints } from '../../src/contract/endpoints.ts';
import { Database } from '../../src/db/database.ts';
import { Cluster } from './cluster.ts';
import { everythingSynced, findProblems } from './judge.ts';
import { randomFrom } from './random.ts';
import { Victim } from './victim.ts';
import { startWriter } from './writer.ts';

const { values: options } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
  },
});
const kills = Number(options.kills);
const random = randomFrom(Number(options.seed));
console.log(`chaos: ${kills} kills, seed ${options.seed}`);

const folder = await mkdtemp(join(tmpdir(), 'wharf-chaos-'));
// under root PostgreSQL runs as another user, who must be able to pass through
await chmod(folder, 0o711);
try {
  await using cluster = await Cluster.start(join(folder, 'postgres'));
  await using database = new Database(cluster.url);
  await using victim = new Victim(cluster.url, join(folder, 'data'));
  const problems = await ordeal({ victim, database, cluster, warehouse: join(folder, 'warehouse.duckdb') });
  for (const problem of problems) console.log(`  ${problem}`);
  console.log(problems.length === 0 ? `chaos: ${kills} kills survived` : `chaos: ${problems.length} problems`);
  process.exitCode = problems.length === 0 ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}

interface Scene {
  readonly victim: Victim;
  readonly database: Database;
  readonly cluster: Cluster;
  readonly warehouse: string;
}

async function ordeal({ victim, database, cluster, warehouse }: Scene): Promise<string[]> {
  await victim.start();
  const shop = await victim.openShop();
  await loadPurchases(await victim.shopApi(), await readPurchases());
  await shop.client.call(endpoints.connect, {
    params: { account: shop.account },
    body: {
      kind: 'duckdb',
      name: 'chaos',
      settings: { name: 'chaos', path: warehouse },
      selection: { objects: ['profiles', 'events'] },
    },
  });
  const writer = startWriter(victim, random);
  for (let kill = 1; kill <= kills; kill++) {
    const pauseMs = Math.round(random() ** 2 * 4000);
    await Promise.race([stir(victim), pause(pauseMs)]);
    await pause(Math.round(random() * 500));
    const doing = await whatWasOpen(database);
    if (random() < 0.15) {
      await cluster.crash();
      console.log(`  kill ${kill} after ${pauseMs} ms: PostgreSQL, ${doing}`);
      continue;
    }
    await victim.kill();
    console.log(`  kill ${kill} after ${pauseMs} ms: the service, ${doing}`);
    if (random() < 0.7) await victim.start();
    else void victim.start().catch(() => undefined);
  }
  await victim.start();
  const acknowledged = await writer.stop();
  await everythingSynced(await victim.shop(), database);
  await victim.stop();
  return findProblems(database, warehouse, acknowledged, victim.stagedFolder);
}

/** Gets as much going as possible: a periodic run of each object, and a back-fill by leaving a metric out and in again. */
async function stir(victim: Victim): Promise<void> {
  try {
    const { client, account } = await victim.shop();
    const params = { account };
    const { connection } = await client.call(endpoints.getConnection, { params });
    const { data: metrics } = await client.call(endpoints.listMetrics, { params });
    if (connection && metrics.length > 1) {
      const some = metrics.slice(0, 1).map((metric) => metric.id);
      const next = connection.selection.metrics === null ? some : null;
      const selection = {
        ...connection.selection,
        objects: [...connection.selection.objects],
        excludedIntegrations: [],
        metrics: next,
      };
      await client.call(endpoints.editSelection, { params, body: { version: connection.version, selection } });
    }
    const { data: syncs } = await client.call(endpoints.listSyncs, { params });
    for (const sync of syncs.filter((candidate) => candidate.kind === 'periodic')) {
      await client.call(endpoints.syncNow, { params: { ...params, sync: sync.id } });
    }
  } catch {
    // the service is down or was asked at a bad moment: that is what this is about
  }
  await pause(5000);
}

async function whatWasOpen(database: Database): Promise<string> {
  const { rows } = await database.query<{ state: string; n: number }>(
    `select state, count(*)::integer as n from chunk where state <> 'loaded' group by state order by state`,
  );
  return rows.map(({ state, n }) => `${n} ${state}`).join(', ') || 'idle';
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
