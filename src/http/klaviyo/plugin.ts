import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify';
import { stringifyJson } from '../../kernel/json-text.ts';
import type { Account } from '../../store/accounts.ts';
import { accountHandlers } from './accounts.ts';
import { admitRequest } from './admission.ts';
import { ApiError, maxBodyBytes } from './api-error.ts';
import { readBody, type Body } from './body.ts';
import type { Handlers, KlaviyoApiDeps } from './call.ts';
import { clientHandlers } from './client.ts';
import { mediaType, pathOf, replyApiError } from './error-reply.ts';
import { eventHandlers } from './events.ts';
import { importJobHandlers } from './import-jobs.ts';
import { metricHandlers } from './metrics.ts';
import { operationList } from './operations.ts';
import { profileJobHandlers } from './profile-jobs.ts';
import { profileHandlers } from './profiles.ts';
import { readQuery } from './query.ts';
import { RateLimiter } from './rate-limit.ts';

const handlers: Handlers = {
  ...accountHandlers,
  ...profileHandlers,
  ...profileJobHandlers,
  ...importJobHandlers,
  ...eventHandlers,
  ...metricHandlers,
  ...clientHandlers,
};

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose data a request of the compatible API is about; set before the body is read. */
    klaviyoAccount: Account | null;
  }
}

/**
 * The Klaviyo-compatible JSON:API under `/api` and `/client`: the shapes of revision 2026-07-15.
 * Keys are checked and requests counted before a body is read. Rate limits are counted in this process.
 */
export function klaviyoApi(deps: KlaviyoApiDeps): FastifyPluginAsync {
  const limiter = new RateLimiter(deps.clock, deps.limits.scale);
  return async (app) => {
    app.decorateRequest('klaviyoAccount', null);
    for (const access of ['private', 'client'] as const) {
      await app.register(async (scope) => {
        speakJsonApi(scope);
        if (access === 'client') openToBrowsers(scope);
        for (const operation of operationList) {
          if (operation.access === access) serve(scope, deps, limiter, operation);
        }
        for (const path of new Set(operationList.filter((one) => one.access === access).map((one) => one.path))) {
          refuseOtherMethods(scope, path);
        }
        // one fallback per prefix is all Fastify allows, hence the two scopes
        await scope.register(
          async (rest) => {
            rest.setNotFoundHandler((request) => {
              throw new ApiError(404, { detail: `There is no ${request.method} ${pathOf(request)} here.` });
            });
          },
          { prefix: access === 'private' ? '/api' : '/client' },
        );
      });
    }
  };
}

/** Pages of any origin may call: there are no cookies, and what an answer tells anyone may know. */
function openToBrowsers(app: FastifyInstance): void {
  app.addHook('onRequest', async (_, reply) => {
    reply.headers({
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'ratelimit-limit, ratelimit-remaining, ratelimit-reset, retry-after, revision',
      'cross-origin-resource-policy': 'cross-origin',
    });
  });
  app.options('/client/*', async (_, reply) => {
    reply.code(204).headers({
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'content-type, revision',
      'access-control-max-age': '86400',
    });
  });
}

/** Bodies in, errors out. */
function speakJsonApi(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    ['application/vnd.api+json', 'application/json'],
    { parseAs: 'buffer', bodyLimit: maxBodyBytes },
    (request: FastifyRequest, bytes: Buffer) => readBody(bytes, request.headers['content-encoding']),
  );
  app.setErrorHandler((thrown, request, reply) => replyApiError(request, reply, thrown));
}

function serve(
  app: FastifyInstance,
  deps: KlaviyoApiDeps,
  limiter: RateLimiter,
  operation: (typeof operationList)[number],
): void {
  app.route({
    method: operation.method,
    url: routePath(operation.path),
    onRequest: async (request, reply) => {
      request.klaviyoAccount = await admitRequest(deps, limiter, operation, request, reply);
    },
    handler: async (request, reply) => {
      const account = request.klaviyoAccount;
      if (!account) throw new ApiError(401, { detail: 'Missing or invalid private key.' });
      const url = addressOf(request, deps.publicUrl);
      const call = {
        ...deps,
        account,
        url,
        params: request.params as Record<string, string>,
        query: readQuery(operation, request.query as Record<string, unknown>, url.pathname),
        body: request.method === 'GET' ? null : ((request.body ?? null) as Body | null),
      };
      const answer = await deps.db.within(account.id, () => handlers[operation.id](call));
      reply.code(answer.status).type(mediaType);
      return answer.document ? stringifyJson(answer.document) : '';
    },
  });
}

function refuseOtherMethods(app: FastifyInstance, path: string): void {
  const allowed = operationList.filter((operation) => operation.path === path).map(({ method }) => method);
  const others = (['GET', 'POST', 'PATCH', 'PUT', 'DELETE'] as const).filter(
    (method) => !(allowed as readonly string[]).includes(method),
  );
  app.route({
    method: others,
    url: routePath(path),
    exposeHeadRoute: false,
    // before the body is looked at
    onRequest: async (request) => {
      throw new ApiError(
        405,
        { detail: `${request.method} is not allowed here; ${allowed.join(', ')} is.` },
        { headers: { allow: allowed.join(', ') } },
      );
    },
    handler: async () => undefined,
  });
}

/** The request's address as a well-formed URI: brackets in parameter names are escaped. */
function addressOf(request: FastifyRequest, publicUrl: string | undefined): URL {
  const base = publicUrl ?? `${request.protocol}://${request.host}`;
  // the Host header is the caller's and may be anything
  const url = new URL(request.url, URL.canParse(request.url, base) ? base : 'http://localhost');
  url.search = url.searchParams.toString();
  return url;
}

function routePath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}
