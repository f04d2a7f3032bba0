/** `POST /auth/*`: browsers sign in and out. Everything else of people is in the REST API. */
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../kernel/app-error.ts';
import type { SignIn } from '../people/sign-in.ts';
import { isSameOrigin } from './same-origin.ts';

export function signInRoutes(signIn: SignIn, publicUrl: string | undefined): FastifyPluginAsync {
  return async (app: FastifyInstance) => {
    app.route({
      method: 'POST',
      url: '/auth/*',
      bodyLimit: 16 * 1024,
      handler: async (request: FastifyRequest, reply: FastifyReply) => {
        if (!isSameOrigin(request.headers, publicUrl)) {
          throw new AppError('FORBIDDEN', { summary: 'Sign in from the pages of Wharf itself.' });
        }
        return forward(await signIn.handle(webRequest(request), request.ip), reply);
      },
    });
  };
}

function webRequest(request: FastifyRequest): Request {
  const headers = new Headers();
  for (const name of ['content-type', 'cookie', 'origin', 'user-agent'] as const) {
    const value = request.headers[name];
    if (typeof value === 'string') headers.set(name, value);
  }
  const url = new URL(request.url, request.headers.origin);
  return new Request(url, { method: 'POST', headers, body: JSON.stringify(request.body ?? {}) });
}

async function forward(answer: Response, reply: FastifyReply): Promise<FastifyReply> {
  void reply.code(answer.status).header('set-cookie', answer.headers.getSetCookie());
  const retryAfter = answer.headers.get('x-retry-after');
  if (retryAfter) void reply.header('retry-after', retryAfter);
  // a body that lets somebody in holds the session's token, which is for the cookie alone
  return reply.type('application/json').send(answer.ok ? '{}' : await answer.text());
}
