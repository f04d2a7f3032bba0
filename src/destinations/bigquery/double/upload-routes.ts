import { Readable } from 'node:stream';
import { resource } from './job-routes.ts';
import type { JobRequest } from './jobs.ts';
import { cut, projectOf, type Asked, type Route, type ServerParts } from './route.ts';
import type { UploadSession } from './uploads.ts';

const path = '/upload/bigquery/v2/projects/:project/jobs';

export const uploadRoutes: readonly Route[] = [
  {
    verb: 'POST',
    path,
    label: ({ query }) => `upload.begin ${query['uploadType']}`,
    run: async (asked, parts) =>
      asked.query['uploadType'] === 'multipart' ? receiveWhole(asked, parts) : announce(asked, parts),
  },
  {
    verb: 'PUT',
    path,
    label: () => 'upload.send',
    run: async (asked, parts) => receivePart(asked, parts.uploads.find(asked.query['upload_id']), parts),
  },
];

async function receiveWhole(asked: Asked, { uploads, service }: ServerParts): Promise<object> {
  const { body, headers } = asked.request;
  const received = await uploads.receiveMultipart(body as Readable, headers['content-type'] ?? '');
  return resource(await service.insertJob(asked.caller, projectOf(asked), received.request, received.path));
}

/** The address of the session is all that is needed to go on with it. */
async function announce(asked: Asked, { uploads, service }: ServerParts): Promise<unknown> {
  const { request, reply, caller } = asked;
  const project = projectOf(asked);
  service.cloud.mayRunJobs(caller, project);
  const length = request.headers['x-upload-content-length'];
  const total = length === undefined ? null : Number(length);
  const { id } = uploads.begin(caller, project, request.body as JobRequest, total);
  const address = `http://${request.headers.host}${path.replace(':project', project)}`;
  return reply.header('location', `${address}?uploadType=resumable&upload_id=${id}`).send();
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
  const { caller, projectId, request: job, path: file } = session;
  session.answer = resource(await parts.service.insertJob(caller, projectId, job, file));
  return session.answer;
}

function firstHalf(body: Readable, { total, arrived }: UploadSession): Readable {
  return Readable.from(takeBytes(body, Math.ceil(((total ?? 0) - arrived) / 2)));
}

async function* takeBytes(body: Readable, bytes: number): AsyncIterable<Buffer> {
  let left = bytes;
  for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    yield chunk.subarray(0, left);
    left -= chunk.length;
    if (left <= 0) return;
  }
}
