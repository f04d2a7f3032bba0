/** The real service, killed again and again in the middle of an import. */
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { endpoints } from '../../src/contract/endpoints.ts';
import { closeGate } from './imports/gate.ts';
import {
  eachWithImporting,
  eventFile,
  expectEvents,
  expectProfiles,
  importOf,
  isBad,
  isRepeated,
  profileFile,
  rows,
  upload,
} from './imports/long-import.ts';

const importing = eachWithImporting();

/** A killed worker is noticed after ten seconds and more. */
const patience = { timeout: 300_000 };

/** Uploads and kills the service while a batch in the middle is about to be committed; then once more at any time. */
async function importAndKill(object: 'profiles' | 'events', file: Iterable<string>): Promise<string> {
  const { cluster, service } = importing();
  const shop = await service.openShop();
  await using gate = await closeGate(cluster.url, rows / 2);
  const id = await upload(shop, object, file);
  await gate.waitedAt();
  await service.kill();
  await gate.open();
  await service.start();
  await killOnTheWay();
  return id;
}

/** Kills the service once as soon as some rows more are in, if it is not over before, and resolves when it is. */
async function killOnTheWay(): Promise<void> {
  const { database, service } = importing();
  let kills = 0;
  for (const first = await progress(); ; await wait(20)) {
    const now = await progress();
    if (now.status !== 'checking' && now.status !== 'in_progress') return;
    if (now.row === first.row || kills > 0) continue;
    kills += 1;
    await service.kill();
    await service.start();
  }

  async function progress(): Promise<{ status: string; row: number }> {
    const found = await database.query<{ status: string; row: number }>(
      'select status, next_row as row from import order by created_at desc limit 1',
    );
    return found.rows[0] ?? { status: 'none', row: 0 };
  }
}

test(
  'profiles: killed at any time, it goes on at the row where it was; every row is accounted for once',
  patience,
  async () => {
    const id = await importAndKill('profiles', profileFile());
    await expectProfiles(importing(), id);
    const { client, account } = await importing().service.shop();
    const params = { account, import: id };
    const lines = (await text(Readable.from(await client.call(endpoints.downloadSkipped, { params })))).split('\n');
    const numbers = Array.from({ length: rows }, (_, n) => n);
    expect(lines.slice(1, -1).map((line) => Number(line.split(',')[1]))).toEqual(
      numbers.filter((n) => isBad(n) || isRepeated(n)),
    );
  },
);

test(
  'events: killed at any time, none is lost and none is there twice; the same file again changes nothing',
  patience,
  async () => {
    const id = await importAndKill('events', eventFile());
    await expectEvents(importing(), id);
    const again = await upload(await importing().service.shop(), 'events', eventFile());
    await killOnTheWay();
    expect(await importOf(importing(), again)).toMatchObject({
      status: 'completed',
      rows: { created: 0, unchanged: rows },
    });
  },
);
