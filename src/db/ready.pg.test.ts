import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { expect, test } from 'vitest';
import { createLogger } from '../kernel/logger.ts';
import { Database } from './database.ts';
import { untilReady } from './ready.ts';
import { testDatabase } from './testing/test-database.ts';

const database = testDatabase();
const log = createLogger('silent');

/** The database, behind a door at a port of its own that is shut at first. */
async function door(): Promise<{ readonly url: string; open(): Promise<Server> }> {
  const real = new URL(database().url);
  const server = createServer((socket) => {
    const there = connect(Number(real.port), real.hostname);
    socket.pipe(there).pipe(socket);
    for (const end of [socket, there]) end.on('error', () => undefined);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  const url = new URL(real);
  url.host = `127.0.0.1:${port}`;
  return { url: url.href, open: async () => (await once(server.listen(port, '127.0.0.1'), 'listening'), server) };
}

test('a database that comes up later is waited for', async () => {
  const { url, open } = await door();
  const db = new Database(url);
  const ready = untilReady(db, log);
  await expect(db.query('select 1')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  const server = await open();
  await ready;
  await db[Symbol.asyncDispose]();
  server.close();
});

test('one that never does is given up', async () => {
  await using db = new Database((await door()).url);
  await expect(untilReady(db, log, 600)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
});

test('a database that is not there is not waited for', async () => {
  const url = new URL(database().url);
  url.pathname = '/there_is_no_such_database';
  await using db = new Database(url.href);
  await expect(untilReady(db, log)).rejects.toMatchObject({ code: '3D000' });
});
