/** BigQuery's REST API, version 2, and Google's token service, over HTTP. */
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { CallLog } from '../../stand-in/calls.ts';
import type { FaultAction, FaultPlan } from '../../stand-in/faults.ts';
import type { Field } from './engine.ts';
import { childResources, jobResource, type Job, type JobRequest, type QueryRequest } from './jobs.ts';
import { rowsOf, schemaOf } from './rows.ts';
import type { Service } from './service.ts';
import type { Tokens } from './tokens.ts';
import type { Uploads, UploadSession } from './uploads.ts';
import { VendorError } from './vendor-error.ts';

export interface ServerParts {
  readonly service: Service;
  readonly tokens: Tokens;
  readonly uploads: Uploads;
  readonly faults: FaultPlan;
  readonly calls: CallLog;
  readonly port: number;
}

interface Asked {
  readonly caller: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

type Method = (asked: Asked) => Promise<unknown>;

const maxWaitMs = 200_000;

export async function serve(parts: ServerParts): Promise<{ readonly server: FastifyInstance; readonly url: string }> {
  const server = Fastify({ logger: false, forceCloseConnections: true, bodyLimit: 64 * 1024 * 1024 });
  server.addContentTypeParser('*', (_, payload, done) => done(null, payload));
  server.addHook('onSend', async (_, reply) => {
    reply.header('date', new Date(parts.service.cloud.now()).toUTCString());
  });
  addTokenRoute(server, parts);
  addMethods(server, parts);
  await server.listen({ host: '127.0.0.1', port: parts.port });
  const { port } = server.server.address() as AddressInfo;
  return { server, url: `http://127.0.0.1:${port}` };
}

function addTokenRoute(server: FastifyInstance, { tokens, faults, calls }: ServerParts): void {
  server.get('/discovery/v1/apis/bigquery/v2/rest', async () => ({
    kind: 'discovery#restDescription',
    name: 'bigquery',
  }));
  server.post('/token', async (request, reply) => {
    const form = new URLSearchParams(await text(request.body as Readable));
    return faulty('token', { faults, calls }, request, reply, async () => {
      const { status, body } = tokens.exchange(form);
      return reply.code(status).send(body);
    });
  });
}

function addMethods(server: FastifyInstance, parts: ServerParts): void {
  const { service, uploads } = parts;
  const root = '/bigquery/v2/projects/:project';
  const dataset = `${root}/datasets/:dataset`;
  const method = (
    verb: 'GET' | 'POST' | 'PUT' | 'DELETE',
    url: string,
    label: (asked: Asked) => string,
    run: Method,
  ): void => {
    server.route({ method: verb, url, handler: handler(parts, label, run) });
  };
  const ref = ({ params }: Asked) => ({
    projectId: params['project'] ?? '',
    dataset: params['dataset'] ?? '',
    table: params['table'] ?? '',
  });
  const project = ({ params }: Asked): string => params['project'] ?? '';
  const job = (asked: Asked): Job =>
    service.jobs.get(project(asked), asked.params['job'] ?? '', asked.query['location']);

  method(
    'GET',
    dataset,
    () => 'datasets.get',
    async (asked) => service.dataset(asked.caller, project(asked), ref(asked).dataset),
  );
  method(
    'GET',
    `${dataset}/tables`,
    () => 'tables.list',
    async (asked) => service.tables(asked.caller, project(asked), ref(asked).dataset),
  );
  method(
    'POST',
    `${dataset}/tables`,
    () => 'tables.insert',
    async (asked) => {
      const body = asked.request.body as {
        tableReference: { tableId: string };
        schema?: { fields?: Field[] };
        expirationTime?: string;
      };
      return service.createTable(asked.caller, { ...ref(asked), table: body.tableReference.tableId }, body);
    },
  );
  method(
    'GET',
    `${dataset}/tables/:table`,
    (asked) => `tables.get ${ref(asked).table}`,
    async (asked) => service.table(asked.caller, ref(asked)),
  );
  method(
    'DELETE',
    `${dataset}/tables/:table`,
    (asked) => `tables.delete ${ref(asked).table}`,
    async (asked) => {
      await service.deleteTable(asked.caller, ref(asked));
      return asked.reply.code(204).send();
    },
  );

  method(
    'POST',
    `${root}/jobs`,
    (asked) => `jobs.insert ${labelOf(asked)}`,
    async (asked) => resource(await service.insertJob(asked.caller, project(asked), asked.request.body as JobRequest)),
  );
  method(
    'GET',
    `${root}/jobs`,
    () => 'jobs.list',
    async (asked) => {
      const parent = asked.query['parentJobId'];
      return { kind: 'bigquery#jobList', jobs: parent ? childResources(service.jobs.get(project(asked), parent)) : [] };
    },
  );
  method(
    'GET',
    `${root}/jobs/:job`,
    () => 'jobs.get',
    async (asked) => jobResource(job(asked)),
  );
  method(
    'POST',
    `${root}/jobs/:job/cancel`,
    () => 'jobs.cancel',
    async (asked) => {
      const found = job(asked);
      found.controller.abort();
      return { kind: 'bigquery#jobCancelResponse', job: jobResource(found) };
    },
  );

  method(
    'POST',
    `${root}/queries`,
    (asked) => `jobs.query ${String((asked.request.body as QueryRequest).query)}`,
    async (asked) => {
      const { timeoutMs, maxResults, formatOptions, location, labels, ...query } = asked.request.body as QueryBody;
      const jobReference = location ? { location } : {};
      const configuration = { query, ...(labels ? { labels } : {}) };
      const started = (await service.insertJob(asked.caller, project(asked), { jobReference, configuration })) as Job;
      return queryAnswer(started, {
        timeoutMs,
        maxResults,
        int64: formatOptions?.useInt64Timestamp === true,
        startIndex: 0,
      });
    },
  );
  method(
    'GET',
    `${root}/queries/:job`,
    () => 'jobs.getQueryResults',
    async (asked) => {
      const { query } = asked;
      return queryAnswer(job(asked), {
        timeoutMs: query['timeoutMs'] === undefined ? undefined : Number(query['timeoutMs']),
        maxResults: query['maxResults'] === undefined ? undefined : Number(query['maxResults']),
        int64: query['formatOptions.useInt64Timestamp'] === 'true',
        startIndex: Number(query['pageToken'] ?? query['startIndex'] ?? 0),
      });
    },
  );
  method(
    'GET',
    `${dataset}/tables/:table/data`,
    () => 'tabledata.list',
    async (asked) => {
      const { projectId, dataset: datasetId, table } = ref(asked);
      const query = { query: `SELECT * FROM \`${projectId}\`.\`${datasetId}\`.\`${table}\`` };
      const started = (await service.insertJob(asked.caller, projectId, { configuration: { query } })) as Job;
      return queryAnswer(started, {
        timeoutMs: maxWaitMs,
        maxResults: Number(asked.query['maxResults'] ?? 1000),
        int64: false,
        startIndex: Number(asked.query['pageToken'] ?? 0),
      });
    },
  );

  const upload = '/upload/bigquery/v2/projects/:project/jobs';
  method(
    'POST',
    upload,
    ({ query }) => `upload.begin ${query['uploadType']}`,
    async (asked) => {
      const { request, reply, caller, query } = asked;
      if (query['uploadType'] === 'multipart') {
        const { request: body, path } = await uploads.receiveMultipart(
          request.body as Readable,
          request.headers['content-type'] ?? '',
        );
        return resource(await service.insertJob(caller, project(asked), body, path));
      }
      service.cloud.mayRunJobs(caller, project(asked));
      const total = request.headers['x-upload-content-length'];
      const session = uploads.begin(
        caller,
        project(asked),
        request.body as JobRequest,
        total === undefined ? null : Number(total),
      );
      const address = `http://${request.headers.host}${upload.replace(':project', project(asked))}?uploadType=resumable&upload_id=${session.id}`;
      return reply.header('location', address).header('x-guploader-uploadid', session.id).send();
    },
  );
  method(
    'PUT',
    upload,
    () => 'upload.send',
    async (asked) => receivePart(asked, uploads.find(asked.query['upload_id']), parts),
  );
}

interface QueryBody extends QueryRequest {
  readonly timeoutMs?: number;
  readonly maxResults?: number;
  readonly formatOptions?: { readonly useInt64Timestamp?: boolean };
  readonly location?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly requestId?: string;
}

async function receivePart(asked: Asked, session: UploadSession, parts: ServerParts): Promise<unknown> {
  const { request, reply } = asked;
  if (session.answer) return session.answer;
  const range = String(request.headers['content-range'] ?? '');
  let complete = false;
  if (!range.startsWith('bytes *')) {
    const from = Number(/^bytes (\d+)-/.exec(range)?.[1] ?? 0);
    const body = request.body as Readable;
    // a connection that breaks in the middle
    const broken = parts.faults.take('upload.middle') !== null;
    complete = await parts.uploads.receive(session, from, broken ? firstHalf(body, session) : body);
    if (broken) return cut(request, reply);
  }
  if (!complete) {
    if (session.arrived > 0) reply.header('range', `bytes=0-${session.arrived - 1}`);
    return reply.code(308).send();
  }
  session.answer = resource(
    await parts.service.insertJob(session.caller, session.projectId, session.request, session.path),
  );
  return session.answer;
}

function firstHalf(body: Readable, { total, arrived }: UploadSession): Readable {
  const half = Math.ceil(((total ?? 0) - arrived) / 2);
  return Readable.from(takeBytes(body, half));
}

async function* takeBytes(body: Readable, bytes: number): AsyncIterable<Buffer> {
  let left = bytes;
  for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    yield chunk.subarray(0, left);
    left -= chunk.length;
    if (left <= 0) return;
  }
}

interface Page {
  readonly timeoutMs: number | undefined;
  readonly maxResults: number | undefined;
  readonly int64: boolean;
  readonly startIndex: number;
}

async function queryAnswer(job: Job, page: Page): Promise<object> {
  const timer = Promise.withResolvers<void>();
  const waiting = setTimeout(timer.resolve, Math.min(page.timeoutMs ?? 10_000, maxWaitMs));
  await Promise.race([job.ended, timer.promise]);
  clearTimeout(waiting);
  const jobReference = { projectId: job.projectId, jobId: job.id, location: job.location };
  if (job.state !== 'DONE') return { kind: 'bigquery#queryResponse', jobReference, jobComplete: false };
  if (job.error) throw job.error;
  const reader = job.outcome?.script?.reader;
  if (!reader) return { kind: 'bigquery#queryResponse', jobReference, jobComplete: true, totalRows: '0' };
  const all = rowsOf(reader, page.int64);
  const end = page.startIndex + (page.maxResults ?? 10_000);
  return {
    kind: 'bigquery#queryResponse',
    jobReference,
    jobComplete: true,
    schema: schemaOf(reader),
    totalRows: String(all.length),
    rows: all.slice(page.startIndex, end),
    ...(end < all.length ? { pageToken: String(end) } : {}),
  };
}

function resource(started: Job | object): object {
  return 'controller' in started ? jobResource(started as Job) : started;
}

function labelOf({ request }: Asked): string {
  const { query } = (request.body as JobRequest).configuration ?? {};
  return query?.query ?? 'load';
}

function handler({ tokens, faults, calls }: ServerParts, label: (asked: Asked) => string, run: Method) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const params = request.params as Record<string, string>;
    const query = request.query as Record<string, string>;
    const asked = { params, query, request, reply, caller: '' };
    return faulty(label(asked), { faults, calls }, request, reply, () =>
      run({ ...asked, caller: tokens.owner(request.headers.authorization) }),
    );
  };
}

/** Runs a call with what was planned to go wrong. */
async function faulty(
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
    return reply.code(known.status === 499 ? 400 : known.status).send(known.body());
  } finally {
    const bytesReceived = Number(request.headers['content-length'] ?? 0);
    calls.add({ label, bytesReceived, milliseconds: performance.now() - started });
  }
}

function plannedError({ error }: Extract<FaultAction, { kind: 'error' }>): VendorError {
  const { status, reason, message } = error as { status?: number; reason?: string; message?: string };
  return new VendorError(
    status ?? 503,
    reason ?? 'backendError',
    message ?? 'Error encountered during execution. Retrying may solve the problem.',
  );
}

function cut(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.hijack();
  request.raw.socket.destroy();
  return reply;
}
