import Fastify, { type FastifyInstance } from 'fastify';
import type { StandIn, StandInContext } from './stand-in.ts';

/**
 * How a stand-in is steered, over loopback only:
 * `POST /faults` (a fault, see `faults.ts`), `DELETE /faults`, `GET /calls`, `DELETE /calls`, `POST /warehouses`.
 */
export async function serveControl(
  standIn: StandIn,
  { faults, calls }: Pick<StandInContext, 'faults' | 'calls'>,
): Promise<{ readonly server: FastifyInstance; readonly url: string }> {
  const server = Fastify({ logger: false, forceCloseConnections: true });
  server.post('/faults', async (request, reply) => {
    faults.add(request.body);
    return reply.code(204).send();
  });
  server.delete('/faults', async (_, reply) => {
    faults.clear();
    return reply.code(204).send();
  });
  server.get('/calls', async () => calls.all());
  server.delete('/calls', async (_, reply) => {
    calls.clear();
    return reply.code(204).send();
  });
  server.post('/warehouses', async () => standIn.createWarehouse());
  return { server, url: await server.listen({ host: '127.0.0.1', port: 0 }) };
}
