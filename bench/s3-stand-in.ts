/* An S3 server in a process of its own, as `export-s3` needs it: it counts requests, their bytes and its own processor time. */
import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { startFauxqs } from 'fauxqs';
import { runStandIn } from '../src/destinations/stand-in/run.ts';

const credentials = { accessKeyId: 'AKIABENCH', secretAccessKey: 'the-secret-of-the-benchmark' };

await runStandIn(async ({ port, calls }) => {
  const server = await startFauxqs({ port, logger: false });
  let spent = process.cpuUsage();
  subscribe('http.server.response.finish', (message) => {
    const { request } = message as { request: IncomingMessage };
    // the control server has another port
    if (request.socket.localPort !== server.port) return;
    const { user, system } = process.cpuUsage(spent);
    spent = process.cpuUsage();
    const bytesReceived = Number(request.headers['content-length'] ?? 0);
    calls.add({ label: `${request.method} ${request.url}`, bytesReceived, milliseconds: (user + system) / 1000 });
  });
  const endpoint = `http://127.0.0.1:${server.port}`;
  let made = 0;
  return {
    options: {},
    notes: [],
    createWarehouse: async () => {
      const bucket = `bench-${(made += 1)}`;
      server.createBucket(bucket);
      return { name: 'Bench', bucket, region: 'us-east-1', prefix: 'crm', format: 'jsonl', endpoint, ...credentials };
    },
    [Symbol.asyncDispose]: () => server.stop(),
  };
});
