/** One method of the API over HTTP, and how it is made to go wrong. */
import { performance } from 'node:perf_hooks';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CallLog } from '../../stand-in/calls.ts';
import type { FaultAction, FaultPlan } from '../../stand-in/faults.ts';
import type { Service } from './service.ts';
import type { Tokens } from './tokens.ts';
import type { TableRef } from './translate.ts';
import type { Uploads } from './uploads.ts';
import { VendorError } from './vendor-error.ts';

export interface ServerParts {
  readonly service: Service;
  readonly tokens: Tokens;
  readonly uploads: Uploads;
  readonly faults: FaultPlan;
  readonly calls: CallLog;
  readonly port: number;
}

export interface Asked {
  /** E-mail of the service account. */
  readonly caller: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

export interface Route {
  readonly verb: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  /** For faults and the log of calls. */
  label(asked: Asked): string;
  run(asked: Asked, parts: ServerParts): Promise<unknown>;
}

export const projectPath = '/bigquery/v2/projects/:project';

export function projectOf({ params }: Asked): string {
  return params['project'] ?? '';
}

export function tableOf({ params }: Asked): TableRef {
  return { projectId: params['project'] ?? '', dataset: params['dataset'] ?? '', table: params['table'] ?? '' };
}

/** Runs a call with what was planned to go wrong. */
export async function faulty(
  label: string,
  { faults, calls }: Pick<ServerParts, 'faults' | 'calls'>,
  request: FastifyRequest,
  reply: FastifyReply,
  run: () => Promise<unknown>,
): Promise<unknown> {
  const fault = faults.take(label);
  if (fault?.kind === 'hang') return reply.hijack();
  if (fault?.kind === 'drop' && fault.when === 'before') return cut(request, reply);
  if (fault?.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.ms));
  const started = performance.now();
  try {
    if (fault?.kind === 'error') throw plannedError(fault);
    const answer = await run();
    return fault?.kind === 'drop' ? cut(request, reply) : answer;
  } catch (error) {
    const known = error instanceof VendorError ? error : new VendorError(500, 'internalError', String(error));
    return reply.code(known.status).send(known.body());
  } finally {
    const bytesReceived = Number(request.headers['content-length'] ?? 0);
    calls.add({ label, bytesReceived, milliseconds: performance.now() - started });
  }
}

export function plannedError({ error }: Extract<FaultAction, { kind: 'error' }>): VendorError {
  const { status, reason, message } = error as { status?: number; reason?: string; message?: string };
  return new VendorError(
    status ?? 503,
    reason ?? 'backendError',
    message ?? 'Error encountered during execution. Retrying may solve the problem.',
  );
}

/** Breaks the connection without an answer. */
export function cut(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.hijack();
  request.raw.socket.destroy();
  return reply;
}
