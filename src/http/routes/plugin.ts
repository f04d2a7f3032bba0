/** Wharf's own REST API: every endpoint of the contract, checked on the way in and on the way out. */
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { csvMediaType, isCsv } from '../../contract/csv-file.ts';
import type { Endpoint } from '../../contract/endpoint.ts';
import { endpoints, type Endpoints } from '../../contract/endpoints.ts';
import { AppError } from '../../kernel/app-error.ts';
import { eachWithin, type Database } from '../../db/database.ts';
import { addAuditEntry } from '../../people/audit.ts';
import { createAuth, requireOperator, type Auth, type Caller, type Identity } from '../auth.ts';
import { replyError } from '../error-reply.ts';
import type { DurationHistogram } from '../prometheus.ts';
import { accountRoutes } from './accounts.ts';
import { alertRoutes } from './alerts.ts';
import { apiKeyRoutes } from './api-keys.ts';
import { catalogueRoutes } from './catalogue.ts';
import { connectionRoutes } from './connection.ts';
import { destinationRoutes } from './destinations.ts';
import { historyRoutes } from './history.ts';
import { importRoutes } from './imports.ts';
import { lookUpRoutes } from './lookup.ts';
import { metricsRoute } from './metrics.ts';
import { noSuch } from './no-such.ts';
import { peopleRoutes } from './people.ts';
import type { Handlers, RestDeps } from './route.ts';
import { secretsRoutes } from './secrets.ts';
import { serviceRoutes } from './service.ts';
import { sshKeyRoutes } from './ssh-keys.ts';
import { sendLines } from './stream.ts';
import { syncRoutes } from './syncs.ts';

type AnyHandler = (call: {
  caller: Caller | Identity | null;
  params: unknown;
  query: unknown;
  body: unknown;
  signal: AbortSignal;
  address: string;
}) => unknown;

export function restApi(deps: RestDeps): FastifyPluginAsync<{ readonly requests: DurationHistogram }> {
  return async (app, { requests }) => {
    const handlers: Handlers<Endpoints> = {
      ...accountRoutes(deps),
      ...peopleRoutes(deps),
      ...apiKeyRoutes(deps),
      ...sshKeyRoutes(deps),
      ...destinationRoutes(deps),
      ...connectionRoutes(deps),
      ...syncRoutes(deps),
      ...historyRoutes(deps),
      ...importRoutes(deps),
      ...alertRoutes(deps),
      ...catalogueRoutes(deps),
      ...lookUpRoutes(deps),
      ...secretsRoutes(deps),
      ...serviceRoutes(deps),
    };
    const auth = createAuth(deps);
    const closing = new AbortController();
    app.addHook('preClose', async () => closing.abort());
    app.removeContentTypeParser('text/plain');
    // handed on as a stream: how much of it is taken is for the route to say
    app.addContentTypeParser(csvMediaType, (_request, payload, done) => done(null, payload));
    app.decorateRequest('asker', null);
    for (const [operation, endpoint] of Object.entries(endpoints) as [keyof Endpoints, Endpoint][]) {
      const handler = handlers[operation] as AnyHandler;
      const whole = changes(endpoint) ? audited(operation, handler, deps) : handler;
      register(app, endpoint, within(endpoint, whole, deps.db), auth, closing.signal);
    }
    refuseOtherMethods(app);
    metricsRoute(app, { ...deps, auth, requests });
  };
}

/** Whether it leaves something else in an account than it found. */
function changes({ method, access, lines }: Endpoint): boolean {
  return access === 'account' && method !== 'GET' && lines === null;
}

/** The handler, to which the database shows the caller's account only, also while its answer is still being read. */
function within(endpoint: Endpoint, handler: AnyHandler, db: Database): AnyHandler {
  if (endpoint.access !== 'account') return handler;
  return (call) => {
    const { accountId } = call.caller as Caller;
    const answer = db.within(accountId, () => handler(call));
    if (endpoint.lines) return eachWithin(db, accountId, answer as AsyncIterable<unknown>);
    if (!isCsv(endpoint.reply)) return answer;
    return (answer as Promise<AsyncIterable<unknown>>).then((items) => eachWithin(db, accountId, items));
  };
}

/** The handler, with an entry in the account's audit log for each time it succeeds. */
function audited(action: string, handler: AnyHandler, { db, clock }: RestDeps): AnyHandler {
  return async (call) => {
    const answer = await handler(call);
    const { accountId, actor, actorName } = call.caller as Caller;
    const subject = subjectOf(call.body, call.params, answer);
    await addAuditEntry(db, accountId, { at: clock.now(), actor, actorName, action, subject, address: call.address });
    return answer;
  };
}

/** What a person would call the thing, or its id. */
function subjectOf(body: unknown, params: unknown, answer: unknown): string | null {
  const given = { ...(answer as object | undefined), ...(params as object), ...(body as object | undefined) };
  for (const name of ['name', 'title', 'email', 'person', 'key', 'invitation', 'sync', 'import', 'kind']) {
    const value = (given as Record<string, unknown>)[name];
    if (typeof value === 'string') return value.slice(0, 200);
  }
  return null;
}

function register(
  app: FastifyInstance,
  endpoint: Endpoint,
  handler: AnyHandler,
  auth: Auth,
  closing: AbortSignal,
): void {
  app.route({
    method: endpoint.method,
    url: routeUrl(endpoint.path),
    bodyLimit: 256 * 1024,
    exposeHeadRoute: !endpoint.lines,
    // before the body is read: a stranger's body is never parsed
    onRequest: async (request) => {
      request.setDecorator('asker', await admit(auth, endpoint, request));
    },
    handler: async (request, reply) => {
      const { signal, release } = untilGone(reply, closing);
      const call = {
        caller: request.getDecorator<Caller | Identity | null>('asker'),
        params: parsedParams(endpoint, request),
        query: parsed(endpoint.query, request.query, 'the query'),
        body: endpoint.body ? parsed(endpoint.body, request.body, 'the body') : undefined,
        signal,
        address: request.ip,
      };
      if (endpoint.lines) {
        return sendLines(endpoint, handler(call) as AsyncIterable<unknown>, { request, reply, signal });
      }
      const answer = await handler(call);
      if (isCsv(endpoint.reply)) return sendCsv(reply, answer as AsyncIterable<string>);
      release();
      if (endpoint.reply === null) return reply.code(endpoint.status).send();
      // only what the contract declares goes out, whatever a part hands us
      return reply.code(endpoint.status).send(endpoint.reply.parse(answer));
    },
  });
}

/** Whatever the file holds, a browser saves it and shows none of it. */
function sendCsv(reply: FastifyReply, text: AsyncIterable<string>): FastifyReply {
  return reply
    .type(`${csvMediaType}; charset=utf-8`)
    .header('content-disposition', 'attachment; filename="skipped-rows.csv"')
    .send(Readable.from(text, { objectMode: false }));
}

/** Who asks, once it is certain that they may. Comes before any look at the request's other values. */
async function admit(auth: Auth, endpoint: Endpoint, request: FastifyRequest): Promise<Caller | Identity | null> {
  if (endpoint.access === 'public') return null;
  const identity = await auth.identify(request);
  if (endpoint.access === 'operator') requireOperator(identity);
  if (endpoint.access !== 'account') return identity;
  const { account } = parsedParams(endpoint, request) as { account: string };
  return auth.enter(identity, account, endpoint.needs);
}

/** An id of impossible shape is an id that does not exist. */
function parsedParams(endpoint: Endpoint, request: FastifyRequest): unknown {
  const result = endpoint.params.safeParse(request.params);
  if (result.success) return result.data;
  throw noSuch(String(result.error.issues[0]?.path[0] ?? 'thing'));
}

/** @throws AppError INVALID_INPUT naming every wrong field */
function parsed(schema: z.ZodType, value: unknown, place: string): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => ({ field: issue.path.join('.'), message: issue.message }));
  const words = problems.map(({ field, message }) => (field === '' ? message : `${field}: ${message}`));
  throw new AppError('INVALID_INPUT', {
    summary: `A value in ${place} is not valid. ${words.join('; ')}`,
    details: { problems },
  });
}

/** 405 with the methods that would do, for every address of ours. */
function refuseOtherMethods(app: FastifyInstance): void {
  const all = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
  const byPath = Map.groupBy(Object.values(endpoints) as Endpoint[], (endpoint) => endpoint.path);
  for (const [path, known] of byPath) {
    const allowed = known.map((endpoint) => endpoint.method as string);
    app.route({
      method: all.filter((method) => !allowed.includes(method)),
      url: routeUrl(path),
      onRequest: async (request, reply) => {
        void reply.header('allow', allowed.join(', '));
        const words = {
          summary: `${request.method} is not possible at this address.`,
          advice: `Use ${allowed.join(' or ')}.`,
          details: { allowed },
        };
        replyError(request, reply, new AppError('INVALID_INPUT', words), 405);
        return reply;
      },
      handler: () => undefined,
    });
  }
}

function routeUrl(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

/** A signal for work that only this client waits for. */
function untilGone(reply: FastifyReply, closing: AbortSignal): { signal: AbortSignal; release(): void } {
  const gone = new AbortController();
  const onClose = (): void => gone.abort();
  reply.raw.once('close', onClose);
  return {
    signal: AbortSignal.any([gone.signal, closing]),
    release: () => void reply.raw.off('close', onClose),
  };
}
