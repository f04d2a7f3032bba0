import Fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyPluginAsync,
  type FastifyRequest,
} from 'fastify';
import { AppError } from '../kernel/app-error.ts';
import { ulid } from '../kernel/ids.ts';
import type { Logger } from '../kernel/logger.ts';
import { replyError } from './error-reply.ts';
import { replyApiError } from './klaviyo/error-reply.ts';
import { DurationHistogram } from './prometheus.ts';
import { SlowBodies, windowMs } from './slow-bodies.ts';

export interface AppParts {
  readonly log: Logger;
  /** Wharf's own API, health and metrics (`routes/plugin.ts`). */
  readonly rest: FastifyPluginAsync<{ readonly requests: DurationHistogram }>;
  /** The Klaviyo-compatible API, which brings its own error shape and body limits. Left out: not served. */
  readonly klaviyo?: FastifyPluginAsync;
  /** Where browsers sign in and out. */
  readonly signIn?: FastifyPluginAsync;
  /** The pages. */
  readonly webApp?: FastifyPluginAsync;
}

/** Nothing this server sends is a page, until the UI's plugin says otherwise for its own files. */
const securityHeaders = {
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;

/** The HTTP server with all its parts registered, ready to listen or to be injected into. */
export async function createApp(parts: AppParts): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: parts.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 1024 * 1024,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 200 },
    // a large file over a slow line may take hours: see SlowBodies; headers have a limit of their own
    requestTimeout: 0,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    genReqId: (request) => requestId(request.headers['x-request-id']),
    frameworkErrors: (error, request, reply) => {
      void reply.headers(securityHeaders);
      // what cannot be routed reaches no plugin, so the shape is chosen by the address alone
      if (/^\/(api|client)(?![^/?])/.test(request.url)) replyApiError(request, reply, error);
      else replyError(request, reply, error);
    },
  });
  const requests = new DurationHistogram('wharf_http_request_seconds', 'Time to answer HTTP requests.');
  observe(app, requests);
  endSlowBodies(app, parts.log);
  app.setErrorHandler((error, request, reply) => {
    // nobody is there to be answered, and nothing of ours is wrong
    if (hasLeft(request)) return reply.code(400).send();
    return replyError(request, reply, error);
  });
  app.setNotFoundHandler((request, reply) => replyError(request, reply, noSuchAddress(request)));
  await app.register(parts.rest, { requests });
  if (parts.klaviyo) await app.register(parts.klaviyo);
  if (parts.signIn) await app.register(parts.signIn);
  if (parts.webApp) await app.register(parts.webApp);
  await app.ready();
  return app;
}

/** Headers at the start of every request; one log line and one measurement at its end. */
function observe(app: FastifyInstance, requests: DurationHistogram): void {
  app.addHook('onRequest', async (request, reply) => {
    void reply.headers(securityHeaders).header('x-request-id', request.id);
  });
  app.addHook('onResponse', async (request, reply) => {
    // the pattern, not the address: filters and ids in addresses name people
    const route = request.routeOptions.url ?? 'none';
    const ms = Math.round(reply.elapsedTime);
    requests.observe({ method: request.method, route, status: String(reply.statusCode) }, reply.elapsedTime / 1000);
    request.log.info({ method: request.method, route, status: reply.statusCode, ms }, 'http.request.done');
  });
}

function endSlowBodies(app: FastifyInstance, log: Logger): void {
  const bodies = new SlowBodies(app.server, log);
  const timer = setInterval(() => bodies.look(), windowMs).unref();
  app.addHook('onClose', async () => clearInterval(timer));
}

/** Before the body was whole. */
function hasLeft({ raw }: FastifyRequest): boolean {
  return raw.destroyed && !raw.complete;
}

/** A caller's own id is kept when it is harmless, so that its log and ours can be laid side by side. */
function requestId(sent: string | string[] | undefined): string {
  return typeof sent === 'string' && /^[A-Za-z0-9._-]{8,64}$/.test(sent) ? sent : ulid();
}

function noSuchAddress(request: FastifyRequest): AppError {
  return new AppError('NOT_FOUND', {
    summary: 'There is no such address here.',
    advice: 'Check the address; GET /v1/openapi.json lists all of them.',
    details: { method: request.method },
  });
}
