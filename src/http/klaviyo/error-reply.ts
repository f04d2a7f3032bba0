import { randomUUID } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { errorDocument, toApiError } from './api-error.ts';

export const mediaType = 'application/vnd.api+json';

/** Logs what is ours to mend and sends the JSON:API error document. */
export function replyApiError(request: FastifyRequest, reply: FastifyReply, thrown: unknown): FastifyReply {
  const error = toApiError(thrown);
  const id = randomUUID();
  if (error.status >= 500) {
    request.log.error({ err: thrown, errorId: id, path: pathOf(request) }, 'klaviyo.request.failed');
  }
  return reply.code(error.status).headers(error.headers).type(mediaType).send(errorDocument(error, id));
}

export function pathOf(request: FastifyRequest): string {
  return request.url.split('?')[0] ?? '';
}
