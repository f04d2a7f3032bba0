/** Jobs: begun under an id, looked at, cancelled. */
import { randomUUID } from 'node:crypto';
import type { ScriptResult, Statement } from './script.ts';
import { stopped } from './script.ts';
import { VendorError } from './vendor-error.ts';

export interface JobRequest {
  readonly jobReference?: { readonly jobId?: string; readonly location?: string };
  readonly configuration?: {
    readonly dryRun?: boolean;
    readonly labels?: Readonly<Record<string, string>>;
    readonly query?: QueryRequest;
    readonly load?: LoadRequest;
  };
}

export interface QueryRequest {
  readonly query?: string;
  readonly useLegacySql?: boolean;
  readonly defaultDataset?: { readonly projectId?: string; readonly datasetId: string };
  readonly queryParameters?: readonly {
    readonly name?: string;
    readonly parameterType?: { readonly type?: string };
    readonly parameterValue?: { readonly value?: string };
  }[];
}

export interface LoadRequest {
  readonly destinationTable: { readonly projectId?: string; readonly datasetId: string; readonly tableId: string };
  readonly schema?: {
    readonly fields: readonly { readonly name: string; readonly type: string; readonly mode?: string }[];
  };
  readonly sourceFormat?: string;
  readonly writeDisposition?: string;
  readonly createDisposition?: string;
}

export interface JobOutcome {
  readonly outputRows?: number;
  readonly script?: ScriptResult;
}

export interface Job {
  readonly projectId: string;
  readonly id: string;
  readonly location: string;
  readonly request: JobRequest;
  readonly made: number;
  readonly controller: AbortController;
  /** Settles when the job has ended, well or not. */
  readonly ended: Promise<void>;
  state: 'RUNNING' | 'DONE';
  outcome: JobOutcome | null;
  error: VendorError | null;
}

export class Jobs {
  readonly #jobs = new Map<string, Job>();

  /** @throws VendorError 409 when the id is taken */
  reserve(projectId: string, request: JobRequest): string {
    const id = request.jobReference?.jobId ?? `job_${randomUUID()}`;
    if (!/^[\w-]{1,1024}$/.test(id)) throw new VendorError(400, 'invalid', `Invalid job ID "${id}".`);
    if (this.#jobs.has(`${projectId}:${id}`)) {
      throw new VendorError(409, 'duplicate', `Already Exists: Job ${projectId}:${id}`);
    }
    return id;
  }

  start(
    projectId: string,
    id: string,
    location: string,
    request: JobRequest,
    work: (signal: AbortSignal) => Promise<JobOutcome>,
  ): Job {
    const controller = new AbortController();
    const finished = Promise.withResolvers<void>();
    const job: Job = {
      projectId,
      id,
      location,
      request,
      made: Date.now(),
      controller,
      ended: finished.promise,
      state: 'RUNNING',
      outcome: null,
      error: null,
    };
    this.#jobs.set(`${projectId}:${id}`, job);
    void work(controller.signal)
      .then((outcome) => (job.outcome = outcome))
      .catch((error: unknown) => {
        job.error = error instanceof VendorError ? error : new VendorError(500, 'internalError', String(error));
        if (controller.signal.aborted) job.error = stopped();
      })
      .finally(() => {
        job.state = 'DONE';
        finished.resolve();
      });
    return job;
  }

  get(projectId: string, id: string, location?: string): Job {
    const job = this.#jobs.get(`${projectId}:${id}`);
    if (!job || (location && location !== job.location)) {
      throw new VendorError(404, 'notFound', `Not found: Job ${projectId}:${id}`);
    }
    return job;
  }

  /** Cuts off what still runs. */
  async stopAll(): Promise<void> {
    for (const job of this.#jobs.values()) job.controller.abort();
    await Promise.all([...this.#jobs.values()].map(({ ended }) => ended));
  }
}

export function jobResource(job: Job): object {
  const { projectId, id, location, request, state, error, outcome } = job;
  return {
    kind: 'bigquery#job',
    id: `${projectId}:${location}.${id}`,
    jobReference: { projectId, jobId: id, location },
    configuration: { jobType: request.configuration?.load ? 'LOAD' : 'QUERY', ...request.configuration },
    status: { state, ...(error ? { errorResult: error.proto(), errors: [error.proto()] } : {}) },
    statistics: {
      creationTime: String(job.made),
      startTime: String(job.made),
      ...(outcome?.outputRows === undefined ? {} : { load: { outputRows: String(outcome.outputRows) } }),
      ...(outcome?.script ? { numChildJobs: String(outcome.script.statements.length) } : {}),
    },
  };
}

/** The statements of a script as jobs of their own. */
export function childResources(job: Job): object[] {
  const statements = job.outcome?.script?.statements ?? [];
  return statements.map((statement, i) => childResource(job, statement, i)).toReversed();
}

function childResource({ projectId, id, location }: Job, { type, dmlStats }: Statement, index: number): object {
  return {
    kind: 'bigquery#job',
    jobReference: { projectId, jobId: `script_job_${id}_${index}`, location },
    status: { state: 'DONE' },
    statistics: { parentJobId: id, query: { statementType: type, ...(dmlStats ? { dmlStats } : {}) } },
  };
}
