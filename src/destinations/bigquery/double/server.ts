/** BigQuery's REST API, version 2, and Google's token service, over HTTP. */
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { jobRoutes } from './job-routes.ts';
import { faulty, type Route, type ServerParts } from './route.ts';
import { tableRoutes } from './table-routes.ts';
import { uploadRoutes } from './upload-routes.ts';

export async function serve(parts: ServerParts): Promise<{ readonly server: FastifyInstance; readonly url: string }> {
  const server = Fastify({ logger: false, forceCloseConnections: true, bodyLimit: 64 * 1024 * 1024 });
  // files and forms are read by whoever wants them
  server.addContentTypeParser('*', (_, payload, done) => done(null, payload));
  server.addHook('onSend', async (_, reply) => {
    reply.header('date', new Date(parts.service.cloud.now()).toUTCString());
  });
  addTokenRoute(server, parts);
  for (const route of [...tableRoutes, ...jobRoutes, ...uploadRoutes]) addRoute(server, route, parts);
  await server.listen({ host: '127.0.0.1', port: parts.port });
  const { port } = server.server.address() as AddressInfo;
  return { server, url: `http://127.0.0.1:${port}` };
}

function addTokenRoute(server: FastifyInstance, parts: ServerParts): void {
  const description = { kind: 'discovery#restDescription', name: 'bigquery' };
  server.get('/discovery/v1/apis/bigquery/v2/rest', async () => description);
  server.post('/token', async (request, reply) => {
    const form = new URLSearchParams(await text(request.body as Readable));
    return faulty('token', parts, request, reply, async () => {
      const { status, body } = parts.tokens.exchange(form);
      return reply.code(status).send(body);
    });
  });
}

function addRoute(server: FastifyInstance, route: Route, parts: ServerParts): void {
  const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const params = request.params as Record<string, string>;
    const asked = { params, query: request.query as Record<string, string>, request, reply, caller: '' };
    return faulty(route.label(asked), parts, request, reply, async () => {
      const caller = parts.tokens.owner(request.headers.authorization);
      return route.run({ ...asked, caller }, parts);
    });
  };
  server.route({ method: route.verb, url: route.path, handler });
}
