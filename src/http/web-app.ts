/** The pages: files that the build made, and one document for every address of theirs. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyPluginAsync, FastifyReply } from 'fastify';

/** Addresses that the pages' own router answers; the same list as in ui/src/app/router.tsx. */
const addresses = ['/', '/sign-in', '/sign-in-link', '/set-up', '/invitation', '/a/*'];

const notBuilt = 'The web app is not built. Run: npm run prepare\n';

/** `folder`: where the build put the pages. */
export function webApp(folder: string): FastifyPluginAsync {
  return async (app: FastifyInstance) => {
    const document = await readFile(join(folder, 'index.html'), 'utf8').catch(() => null);
    if (document !== null) {
      await app.register(fastifyStatic, {
        root: folder,
        index: false,
        wildcard: false,
        decorateReply: false,
        maxAge: '365d',
        immutable: true,
        setHeaders: cacheable,
      });
    }
    for (const url of addresses) {
      app.get(url, async (_, reply) =>
        document === null ? reply.code(503).type('text/plain').send(notBuilt) : sendDocument(document, reply),
      );
    }
  };
}

/** Names of files hold a hash of what is in them, so that they never change; the icon is the exception. */
function cacheable(reply: FastifyReply, path: string): void {
  if (!path.includes('/assets/')) void reply.header('cache-control', 'public, max-age=3600');
}

/** Styles that Mantine makes as it runs carry a number that only this answer knows; scripts come from our files alone. */
function sendDocument(document: string, reply: FastifyReply): FastifyReply {
  const nonce = randomBytes(16).toString('base64');
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return reply.header('content-security-policy', policy).type('text/html').send(document.replace('__NONCE__', nonce));
}
