/** The HTTP side: sign-in, statements, results, and the object store that files are uploaded to. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { StandInContext } from '../../stand-in/stand-in.ts';
import type { FaultAction } from '../../stand-in/faults.ts';
import { VendorError } from './errors.ts';
import { signIn } from './login.ts';
import { Queries, type Query } from './queries.ts';
import { bindValues, Session, type World } from './session.ts';
import type { Answer } from './statement.ts';
import { execute } from './statements.ts';

/** So long an answer is waited for before the driver is told to ask again. */
const longPollMs = 20_000;
const validity = { validityInSeconds: 3600, masterValidityInSeconds: 14_400 };

type Body = Readonly<Record<string, unknown>>;

export async function serve(world: World, context: StandInContext): Promise<{ server: FastifyInstance; url: string }> {
  const server = Fastify({ logger: false, forceCloseConnections: true, bodyLimit: 64 << 20 });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', (_, payload, done) => done(null, payload));
  new Routes(world, context).mount(server);
  const url = await server.listen({ host: '127.0.0.1', port: context.port });
  return { server, url };
}

class Routes {
  readonly #world: World;
  readonly #context: StandInContext;
  readonly #queries = new Queries();

  constructor(world: World, context: StandInContext) {
    this.#world = world;
    this.#context = context;
  }

  mount(server: FastifyInstance): void {
    server.get('/', async (_, reply) => this.#guarded('clock', reply, async () => ({})));
    server.post('/session/v1/login-request', (request, reply) => this.#login(request, reply));
    server.post('/session/token-request', (request) => this.#renew(request));
    server.post('/session/heartbeat', (request) => this.#inSession(request, async () => ok(null)));
    server.post('/session', (request) => this.#logout(request));
    server.post('/telemetry/send', async () => ok('Log Received'));
    server.post('/queries/v1/query-request', (request, reply) => this.#statement(request, reply));
    server.post('/queries/v1/abort-request', (request) => this.#inSession(request, () => this.#abort(request)));
    server.post('/queries/:id/abort-request', (request) => this.#inSession(request, () => this.#abort(request)));
    server.get('/queries/:id/result', (request, reply) => this.#result(request, reply));
    server.get('/monitoring/queries/:id', (request, reply) => this.#status(request, reply));
    server.put('/stage/*', (request, reply) => this.#upload(request, reply));
  }

  /** Meets the faults that are planned for this call, else answers. `now` is this server's clock, which a fault may set. */
  async #guarded(label: string, reply: FastifyReply, answer: (now: number) => Promise<unknown>): Promise<unknown> {
    const fault = this.#context.faults.take(label);
    const refused = await this.#before(fault, reply);
    if (refused !== undefined) return refused;
    const ahead = fault?.kind === 'error' ? Number(fault.error['clockAheadSeconds']) * 1000 : 0;
    const now = Date.now() + ahead;
    if (ahead) reply.header('date', new Date(now).toUTCString());
    const body = await answer(now);
    if (fault?.kind === 'drop') {
      reply.hijack();
      reply.raw.destroy();
      return undefined;
    }
    return body;
  }

  async #before(fault: FaultAction | null, reply: FastifyReply): Promise<unknown> {
    if (fault?.kind === 'slow') await sleep(fault.ms);
    if (fault?.kind === 'hang') {
      reply.hijack();
      return null;
    }
    if (fault?.kind === 'drop' && fault.when === 'before') {
      reply.hijack();
      reply.raw.destroy();
      return null;
    }
    if (fault?.kind !== 'error') return undefined;
    const { httpStatus, clockAheadSeconds, code, sqlState, message } = fault.error;
    if (typeof clockAheadSeconds === 'number') return undefined;
    if (typeof httpStatus === 'number') {
      return reply
        .code(httpStatus)
        .type('text/plain')
        .send(String(message ?? httpStatus));
    }
    return failure(new VendorError(String(code), String(sqlState ?? ''), String(message)), null);
  }

  async #login(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const { data } = (await jsonBody(request)) as { data: Record<string, string | undefined> };
    const query = request.query as Record<string, string | undefined>;
    return this.#guarded('login', reply, async (now) => {
      const { account } = this.#world;
      // an account that is not there has no server behind its name
      if (data['ACCOUNT_NAME']?.toUpperCase() !== account.name.split('.')[0]?.toUpperCase()) {
        return reply.code(404).type('text/html').send('<html><body>404 Not Found</body></html>');
      }
      try {
        const asked = { loginName: data['LOGIN_NAME'] ?? '', token: data['TOKEN'] ?? '' };
        const { user, role } = signIn(account, { ...asked, address: request.ip, now });
        const session = await Session.open(this.#world, user, role);
        await startAt(session, query);
        return ok(loginData(session));
      } catch (error) {
        if (error instanceof VendorError) return failure(error, null);
        throw error;
      }
    });
  }

  async #renew(request: FastifyRequest): Promise<Body> {
    const session = [...this.#world.sessions.values()].find(({ masterToken }) => masterToken === tokenOf(request));
    if (!session) return failure(new VendorError('390114', '08001', 'Authentication token has expired.'), null);
    return ok({
      sessionToken: session.token,
      masterToken: session.masterToken,
      validityInSecondsST: validity.validityInSeconds,
      validityInSecondsMT: validity.masterValidityInSeconds,
    });
  }

  async #logout(request: FastifyRequest): Promise<Body> {
    await this.#world.sessions.get(tokenOf(request))?.close();
    return ok(null);
  }

  async #inSession(request: FastifyRequest, answer: (session: Session) => Promise<Body>): Promise<Body> {
    const session = this.#world.sessions.get(tokenOf(request));
    if (session) return answer(session);
    const gone = 'Session no longer exists. New login required to access the service.';
    return failure(new VendorError('390111', '08001', gone), null);
  }

  async #statement(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const body = await jsonBody(request);
    const { requestId = '' } = request.query as { requestId?: string };
    return this.#inSession(request, async (session) => {
      const sql = String(body['sqlText'] ?? '');
      const answer = async (): Promise<Body> => {
        const query = this.#start(session, requestId, sql, body['bindings'] as Parameters<typeof bindValues>[0]);
        if (body['asyncExec'] === true) return inProgress(query, '333334');
        return this.#awaited(query, session, longPollMs);
      };
      return this.#guarded(sql, reply, answer) as Promise<Body>;
    });
  }

  #start(session: Session, requestId: string, sql: string, bindings: Parameters<typeof bindValues>[0]): Query {
    return this.#queries.start(requestId, async (query) => {
      const { controller } = query;
      const run = { signal: controller.signal, onBlocked: (blocked: boolean) => query.blocked(blocked) };
      return session.exclusive(controller, async () => {
        const startedAt = performance.now();
        try {
          return await execute(session, sql, bindValues(bindings), run);
        } finally {
          const milliseconds = performance.now() - startedAt;
          this.#context.calls.add({ label: sql, bytesReceived: 0, milliseconds });
        }
      });
    });
  }

  async #awaited(query: Query, session: Session, withinMs: number): Promise<Body> {
    const settled = await Promise.race([query.settled, sleep(withinMs, null, { ref: false })]);
    if (!settled) return inProgress(query, '333333');
    if ('error' in settled) return failure(settled.error, query.id);
    return ok({ ...answerData(settled.answer), queryId: query.id, ...placeData(session) });
  }

  async #result(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const { id } = request.params as { id: string };
    return this.#inSession(request, async (session) => {
      const query = this.#queries.byId(id);
      const missing = new VendorError('000612', '02000', 'Result not found');
      const answer = async (): Promise<Body> =>
        query ? this.#awaited(query, session, longPollMs) : failure(missing, id);
      return this.#guarded('result', reply, answer) as Promise<Body>;
    });
  }

  async #status(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const { id } = request.params as { id: string };
    return this.#inSession(request, async () => {
      const query = this.#queries.byId(id);
      const answer = async (): Promise<Body> => ok({ queries: query ? [{ id, status: query.status }] : [] });
      return this.#guarded('status', reply, answer) as Promise<Body>;
    });
  }

  async #abort(request: FastifyRequest): Promise<Body> {
    const { id } = request.params as { id?: string };
    const body = await jsonBody(request);
    const query = id === undefined ? this.#queries.byRequest(String(body['requestId'])) : this.#queries.byId(id);
    query?.cancel();
    return ok(null);
  }

  async #upload(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const path = (request.params as { '*': string })['*'];
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const encryption = String(request.headers['x-goog-meta-encryptiondata'] ?? '');
    return this.#guarded('upload', reply, async () => {
      const startedAt = performance.now();
      const status = await this.#world.stages.receive(token, path, encryption, request.body as Readable);
      const bytesReceived = Number(request.headers['content-length'] ?? 0);
      this.#context.calls.add({ label: 'upload', bytesReceived, milliseconds: performance.now() - startedAt });
      return reply.code(status).send();
    });
  }
}

/** What the driver asked to start with; what is not there or not allowed is left out without a word, as Snowflake does. */
async function startAt(session: Session, query: Readonly<Record<string, string | undefined>>): Promise<void> {
  const run = { signal: new AbortController().signal, onBlocked: () => undefined };
  const wanted = { WAREHOUSE: query['warehouse'], DATABASE: query['databaseName'], SCHEMA: query['schemaName'] };
  for (const [kind, name] of Object.entries(wanted)) {
    if (name) await execute(session, `USE ${kind} ${name}`, [], run).catch(() => undefined);
  }
}

function loginData(session: Session): Body {
  return {
    token: session.token,
    masterToken: session.masterToken,
    ...validity,
    displayUserName: session.user.name,
    serverVersion: '9.0.0',
    sessionId: Number(session.id),
    parameters: [
      { name: 'CLIENT_SESSION_KEEP_ALIVE', value: false },
      { name: 'TIMEZONE', value: 'UTC' },
      { name: 'QUERY_CONTEXT_CACHE_SIZE', value: 5 },
    ],
    sessionInfo: {
      databaseName: session.database,
      schemaName: session.schema,
      warehouseName: session.warehouse,
      roleName: session.role,
    },
  };
}

function placeData(session: Session): Body {
  return {
    finalDatabaseName: session.database,
    finalSchemaName: session.schema,
    finalWarehouseName: session.warehouse,
    finalRoleName: session.role,
  };
}

function answerData(answer: Answer): Body {
  if ('upload' in answer) return answer.upload;
  const { rowtype, rowset } = answer;
  const counts = { total: rowset.length, returned: rowset.length };
  return { parameters: [], rowtype, rowset, ...counts, queryResultFormat: 'json', version: 1, statementTypeId: 4096 };
}

function inProgress({ id }: Query, code: '333333' | '333334'): Body {
  const data = { queryId: id, getResultUrl: `/queries/${id}/result`, queryAbortsAfterSecs: 300, progressDesc: null };
  return { data, code, message: 'Query execution in progress.', success: true };
}

const ok = (data: unknown): Body => ({ data, code: null, message: null, success: true });

function failure({ code, sqlState, message }: VendorError, queryId: string | null): Body {
  const data = {
    internalError: false,
    errorCode: code,
    age: 0,
    sqlState,
    queryId,
    line: -1,
    pos: -1,
    type: 'COMPILATION',
  };
  return { data, code, message, success: false };
}

function tokenOf(request: FastifyRequest): string {
  return /Token="([^"]+)"/.exec(request.headers.authorization ?? '')?.[1] ?? '';
}

async function jsonBody(request: FastifyRequest): Promise<Record<string, unknown>> {
  return request.body ? parseBody(await buffer(request.body as Readable), request) : {};
}

function parseBody(received: Buffer, request: FastifyRequest): Record<string, unknown> {
  if (received.length === 0) return {};
  const plain = request.headers['content-encoding'] === 'gzip' ? gunzipSync(received) : received;
  return JSON.parse(plain.toString()) as Record<string, unknown>;
}
