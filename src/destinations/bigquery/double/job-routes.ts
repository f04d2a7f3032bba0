import { childResources, jobResource, type Job, type JobRequest, type QueryRequest } from './jobs.ts';
import { projectOf, projectPath, tableOf, type Asked, type Route } from './route.ts';
import { rowsOf, schemaOf } from './rows.ts';
import type { Service } from './service.ts';

const maxWaitMs = 200_000;

interface QueryBody extends QueryRequest {
  readonly timeoutMs?: number;
  readonly maxResults?: number;
  readonly formatOptions?: { readonly useInt64Timestamp?: boolean };
  readonly location?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export const jobRoutes: readonly Route[] = [
  {
    verb: 'POST',
    path: `${projectPath}/jobs`,
    label: ({ request }) => `jobs.insert ${(request.body as JobRequest).configuration?.query?.query ?? 'load'}`,
    run: async (asked, { service }) =>
      resource(await service.insertJob(asked.caller, projectOf(asked), asked.request.body as JobRequest)),
  },
  {
    verb: 'GET',
    path: `${projectPath}/jobs`,
    label: () => 'jobs.list',
    run: async (asked, { service }) => {
      const parent = asked.query['parentJobId'];
      const jobs = parent ? childResources(service.jobs.get(projectOf(asked), parent)) : [];
      return { kind: 'bigquery#jobList', jobs };
    },
  },
  {
    verb: 'GET',
    path: `${projectPath}/jobs/:job`,
    label: () => 'jobs.get',
    run: async (asked, { service }) => jobResource(jobOf(asked, service)),
  },
  {
    verb: 'POST',
    path: `${projectPath}/jobs/:job/cancel`,
    label: () => 'jobs.cancel',
    run: async (asked, { service }) => {
      const job = jobOf(asked, service);
      job.controller.abort();
      return { kind: 'bigquery#jobCancelResponse', job: jobResource(job) };
    },
  },
  {
    verb: 'POST',
    path: `${projectPath}/queries`,
    label: ({ request }) => `jobs.query ${(request.body as QueryRequest).query}`,
    run: async (asked, { service }) => {
      const { timeoutMs, maxResults, formatOptions, location, labels, ...query } = asked.request.body as QueryBody;
      const job = await service.insertJob(asked.caller, projectOf(asked), {
        jobReference: location ? { location } : {},
        configuration: { query, ...(labels ? { labels } : {}) },
      });
      const int64 = formatOptions?.useInt64Timestamp === true;
      return queryAnswer(job as Job, { timeoutMs, maxResults, int64, startIndex: 0 });
    },
  },
  {
    verb: 'GET',
    path: `${projectPath}/queries/:job`,
    label: () => 'jobs.getQueryResults',
    run: async (asked, { service }) => queryAnswer(jobOf(asked, service), pageOf(asked)),
  },
  {
    verb: 'GET',
    path: `${projectPath}/datasets/:dataset/tables/:table/data`,
    label: () => 'tabledata.list',
    run: async (asked, { service }) => {
      const { projectId, dataset, table } = tableOf(asked);
      const query = { query: `SELECT * FROM \`${projectId}\`.\`${dataset}\`.\`${table}\`` };
      const job = await service.insertJob(asked.caller, projectId, { configuration: { query } });
      return queryAnswer(job as Job, { ...pageOf(asked), timeoutMs: maxWaitMs });
    },
  },
];

function jobOf(asked: Asked, service: Service): Job {
  return service.jobs.get(projectOf(asked), asked.params['job'] ?? '', asked.query['location']);
}

/** A job as it is told, or the answer of a dry run. */
export function resource(started: Job | object): object {
  return 'controller' in started ? jobResource(started as Job) : started;
}

interface Page {
  readonly timeoutMs: number | undefined;
  readonly maxResults: number | undefined;
  readonly int64: boolean;
  readonly startIndex: number;
}

function pageOf({ query }: Asked): Page {
  const numberOf = (name: string): number | undefined => (query[name] === undefined ? undefined : Number(query[name]));
  return {
    timeoutMs: numberOf('timeoutMs'),
    maxResults: numberOf('maxResults'),
    int64: query['formatOptions.useInt64Timestamp'] === 'true',
    startIndex: numberOf('pageToken') ?? numberOf('startIndex') ?? 0,
  };
}

async function queryAnswer(job: Job, page: Page): Promise<object> {
  const timer = Promise.withResolvers<void>();
  const waiting = setTimeout(timer.resolve, Math.min(page.timeoutMs ?? 10_000, maxWaitMs));
  await Promise.race([job.ended, timer.promise]);
  clearTimeout(waiting);
  const kind = 'bigquery#queryResponse';
  const jobReference = { projectId: job.projectId, jobId: job.id, location: job.location };
  if (job.state !== 'DONE') return { kind, jobReference, jobComplete: false };
  if (job.error) throw job.error;
  const reader = job.outcome?.script?.reader;
  if (!reader) return { kind, jobReference, jobComplete: true, totalRows: '0' };
  const all = rowsOf(reader, page.int64);
  const end = page.startIndex + (page.maxResults ?? 10_000);
  return {
    kind,
    jobReference,
    jobComplete: true,
    schema: schemaOf(reader),
    totalRows: String(all.length),
    rows: all.slice(page.startIndex, end),
    ...(end < all.length ? { pageToken: String(end) } : {}),
  };
}
