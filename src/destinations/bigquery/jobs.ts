/** Jobs under names of our own making, so that a repeat finds the job of a lost answer instead of doing the work twice. */
import { setTimeout as sleep } from 'node:timers/promises';
import { retryDelayMs } from '../../kernel/retry-delay.ts';
import { abortable, statusOf } from './transport.ts';
import type { ErrorProto, JobResource, Warehouse } from './warehouse.ts';

export interface JobWork {
  /** Letters, digits, hyphens and underscores; the number of the attempt is added. */
  readonly name: string;
  start(jobId: string): Promise<JobResource>;
  /** Whether a successful job that an earlier try has started still counts; its work may have been undone since. */
  stands(job: JobResource): Promise<boolean>;
}

/** What a job failed with. */
export class JobError extends Error {
  readonly reason: string;
  readonly errors: readonly ErrorProto[];
  /** The job's id. */
  readonly requestId: string;

  constructor({ jobReference, status, configuration }: JobResource, result: ErrorProto) {
    const told = [result, ...(status.errors ?? [])].map(({ message = '', ...error }) => ({
      ...error,
      message: configuration?.jobType === 'LOAD' ? withoutValues(message) : message,
    }));
    super([...new Set(told.map(({ message }) => message))].join('\n'));
    this.name = 'JobError';
    this.reason = result.reason ?? '';
    this.errors = told.slice(1);
    this.requestId = jobReference.jobId;
  }
}

const maxAttempts = 12;
const restartPause = { firstMs: 500, maxMs: 20_000 };
const firstPollMs = 40;
const slowestPollMs = 2000;
/** How long a job that was told to stop is watched, to know what became of it. */
const lastLookMs = 10_000;

/**
 * Runs a job to its end. One that failed for a passing reason, or that an earlier try has left failed, gets the next name.
 * @throws JobError; the vendor's error of a call; the signal's reason, when the job did not succeed before it
 */
export async function runJob(warehouse: Warehouse, work: JobWork, signal: AbortSignal): Promise<JobResource> {
  for (let attempt = 1; ; attempt++) {
    const jobId = `${work.name}_${attempt}`;
    const { job, found } = await startOrFind(warehouse, work, jobId, signal);
    const ended = await waitForEnd(warehouse, job, signal);
    const { errorResult } = ended.status;
    if (!errorResult && (!found || (await work.stands(ended)))) return ended;
    if (errorResult && !found) {
      const error = new JobError(ended, errorResult);
      if (attempt >= maxAttempts || !mayPass(error)) throw error;
      await sleep(retryDelayMs(attempt, restartPause), undefined, { signal });
    }
  }
}

async function startOrFind(
  warehouse: Warehouse,
  work: JobWork,
  jobId: string,
  signal: AbortSignal,
): Promise<{ readonly job: JobResource; readonly found: boolean }> {
  signal.throwIfAborted();
  try {
    return { job: await abortable(work.start(jobId), signal), found: false };
  } catch (error) {
    if (statusOf(error) === 409) return { job: await warehouse.job(jobId, signal), found: true };
    if (!signal.aborted) throw error;
    // it may have been started all the same
    const job = await stop(warehouse, jobId);
    if (!job || !succeeded(job)) throw error;
    return { job, found: false };
  }
}

async function waitForEnd(warehouse: Warehouse, started: JobResource, signal: AbortSignal): Promise<JobResource> {
  const { jobId } = started.jobReference;
  let job = started;
  let pause = firstPollMs;
  try {
    while (job.status.state !== 'DONE') {
      await sleep(pause, undefined, { signal });
      pause = Math.min(pause * 1.6, slowestPollMs);
      job = await warehouse.job(jobId, signal);
    }
    return job;
  } catch (error) {
    if (!signal.aborted) throw error;
    const last = await stop(warehouse, jobId);
    if (!last || !succeeded(last)) throw error;
    return last;
  }
}

/** Cancels a job and looks what became of it: a cancel may come too late. Null when that cannot be told. */
async function stop(warehouse: Warehouse, jobId: string): Promise<JobResource | null> {
  const signal = AbortSignal.timeout(lastLookMs);
  try {
    await warehouse.cancel(jobId, signal);
    for (;;) {
      const job = await warehouse.job(jobId, signal);
      if (job.status.state === 'DONE') return job;
      await sleep(firstPollMs, undefined, { signal });
    }
  } catch {
    return null;
  }
}

function succeeded({ status }: JobResource): boolean {
  return status.state === 'DONE' && !status.errorResult;
}

const passingReasons = new Set([
  'backendError',
  'internalError',
  'jobBackendError',
  'jobInternalError',
  'jobRateLimitExceeded',
  'rateLimitExceeded',
]);

/** Whether the same work may succeed under the next name. */
function mayPass({ reason, message }: JobError): boolean {
  return passingReasons.has(reason) || /aborted due to concurrent update|Could not serialize access/.test(message);
}

/** Errors of a load quote the rows they are about; that is the customer's data, which has no place in an error. */
export function withoutValues(message: string): string {
  return message
    .replaceAll(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/gs, '(value)')
    .replaceAll(/(; Value: )[\s\S]*?(?=; [A-Z]\w+: |\n|$)/g, '$1(value)');
}
