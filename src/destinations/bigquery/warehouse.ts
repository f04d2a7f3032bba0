/** The few calls of the REST API that Wharf makes. Errors are the vendor's own; `session.ts` translates them. */
import { randomUUID } from 'node:crypto';
import type { StagedFile } from '../destination.ts';
import type { BigquerySettings } from './spec.ts';
import { statusOf, type Transport } from './transport.ts';
import { upload } from './upload.ts';

export interface Field {
  readonly name: string;
  readonly type: string;
  readonly mode?: string;
}

export interface TableResource {
  readonly schema?: { readonly fields?: readonly Field[] };
  readonly numRows?: string;
}

export interface ErrorProto {
  readonly reason?: string;
  readonly location?: string;
  readonly message?: string;
}

export interface JobResource {
  readonly jobReference: { readonly jobId: string; readonly location?: string };
  readonly status: {
    readonly state: string;
    readonly errorResult?: ErrorProto;
    readonly errors?: readonly ErrorProto[];
  };
  readonly configuration?: { readonly jobType?: string };
  readonly statistics?: {
    readonly load?: { readonly outputRows?: string };
    readonly query?: { readonly statementType?: string; readonly dmlStats?: Readonly<Record<string, string>> };
  };
}

interface QueryAnswer {
  readonly jobComplete: boolean;
  readonly jobReference: { readonly jobId: string; readonly location?: string };
  readonly rows?: readonly { readonly f: readonly { readonly v: string | null }[] }[];
}

/** Named parameters: texts are STRING, bigints are INT64. */
export type Parameters = Readonly<Record<string, string | bigint>>;

export type Row = readonly (string | null)[];

/** How long the server may hold a call that waits for a query. */
const longPollMs = 25_000;

export class Warehouse {
  readonly transport: Transport;
  readonly place: Pick<BigquerySettings, 'projectId' | 'dataset'>;
  #location: string | null = null;

  constructor(transport: Transport, { projectId, dataset }: BigquerySettings) {
    this.transport = transport;
    this.place = { projectId, dataset };
  }

  get #project(): string {
    return `projects/${encodeURIComponent(this.place.projectId)}`;
  }

  get #datasetPath(): string {
    return `/bigquery/v2/${this.#project}/datasets/${this.place.dataset}`;
  }

  #tablePath(table: string): string {
    return `${this.#datasetPath}/tables/${table}`;
  }

  /** Where the dataset is: `EU`, `europe-central2`, ... Asked once. */
  async location(signal: AbortSignal): Promise<string> {
    if (this.#location === null) {
      const { data } = await this.transport.call<{ location: string }>(
        { method: 'GET', path: this.#datasetPath },
        signal,
      );
      this.#location = data.location;
    }
    return this.#location;
  }

  /** Null when there is no such table. */
  async table(table: string, signal: AbortSignal): Promise<TableResource | null> {
    try {
      return (await this.transport.call<TableResource>({ method: 'GET', path: this.#tablePath(table) }, signal)).data;
    } catch (error) {
      if (statusOf(error) === 404 && isAboutTable(error)) return null;
      throw error;
    }
  }

  /** Makes a table that goes by itself; one that is there is kept. */
  async createStage(table: string, fields: readonly Field[], expires: Date, signal: AbortSignal): Promise<void> {
    const { projectId, dataset } = this.place;
    const body = {
      tableReference: { projectId, datasetId: dataset, tableId: table },
      schema: { fields },
      expirationTime: String(expires.getTime()),
      description: 'Rows on their way; made and removed by Wharf.',
    };
    try {
      await this.transport.call({ method: 'POST', path: `${this.#datasetPath}/tables`, body }, signal);
    } catch (error) {
      if (statusOf(error) !== 409) throw error;
    }
  }

  async dropTable(table: string, signal: AbortSignal): Promise<void> {
    try {
      await this.transport.call({ method: 'DELETE', path: this.#tablePath(table) }, signal);
    } catch (error) {
      if (statusOf(error) !== 404) throw error;
    }
  }

  /** Names of all tables with the time they were made at. */
  async tables(signal: AbortSignal): Promise<Map<string, Date>> {
    const found = new Map<string, Date>();
    let pageToken: string | undefined;
    do {
      const query = { maxResults: '1000', ...(pageToken === undefined ? {} : { pageToken }) };
      const { data } = await this.transport.call<{
        tables?: { tableReference: { tableId: string }; creationTime: string }[];
        nextPageToken?: string;
      }>({ method: 'GET', path: `${this.#datasetPath}/tables`, query }, signal);
      for (const { tableReference, creationTime } of data.tables ?? []) {
        found.set(tableReference.tableId, new Date(Number(creationTime)));
      }
      pageToken = data.nextPageToken;
    } while (pageToken !== undefined);
    return found;
  }

  /** Runs statements and gives the rows of the last one, at most 5,000. */
  async query(sql: string, parameters: Parameters, signal: AbortSignal): Promise<readonly Row[]> {
    const body = {
      query: sql,
      useLegacySql: false,
      timeoutMs: longPollMs,
      maxResults: 5000,
      requestId: randomUUID(),
      ...(this.#location === null ? {} : { location: this.#location }),
      ...queryParameters(parameters),
    };
    const path = `/bigquery/v2/${this.#project}/queries`;
    let { data } = await this.transport.call<QueryAnswer>({ method: 'POST', path, body }, signal);
    const { jobId, location } = data.jobReference;
    try {
      while (!data.jobComplete) {
        const query = { timeoutMs: String(longPollMs), ...(location === undefined ? {} : { location }) };
        ({ data } = await this.transport.call<QueryAnswer>({ method: 'GET', path: `${path}/${jobId}`, query }, signal));
      }
    } catch (error) {
      if (signal.aborted) await this.cancel(jobId, AbortSignal.timeout(5000)).catch(() => undefined);
      throw error;
    }
    return (data.rows ?? []).map(({ f }) => f.map(({ v }) => v));
  }

  /** Whether a statement would run, and may be run; nothing is done. */
  async dryRun(sql: string, signal: AbortSignal): Promise<void> {
    const configuration = { dryRun: true, query: { query: sql, useLegacySql: false } };
    await this.transport.call(
      { method: 'POST', path: `/bigquery/v2/${this.#project}/jobs`, body: { configuration } },
      signal,
    );
  }

  /** Begins a script as a job. */
  async startScript(jobId: string, sql: string, parameters: Parameters, signal: AbortSignal): Promise<JobResource> {
    const body = {
      jobReference: this.#jobReference(jobId),
      configuration: { labels, query: { query: sql, useLegacySql: false, ...queryParameters(parameters) } },
    };
    const path = `/bigquery/v2/${this.#project}/jobs`;
    return (await this.transport.call<JobResource>({ method: 'POST', path, body }, signal)).data;
  }

  /** Sends a file and begins its load into a table that is there, in place of what the table holds. */
  async startLoad(
    jobId: string,
    table: string,
    fields: readonly Field[],
    file: Pick<StagedFile, 'bytes' | 'open'>,
    signal: AbortSignal,
  ): Promise<JobResource> {
    const { projectId, dataset } = this.place;
    const load = {
      destinationTable: { projectId, datasetId: dataset, tableId: table },
      schema: { fields },
      sourceFormat: 'NEWLINE_DELIMITED_JSON',
      createDisposition: 'CREATE_NEVER',
      writeDisposition: 'WRITE_TRUNCATE',
      maxBadRecords: 0,
      ignoreUnknownValues: false,
    };
    const body = { jobReference: this.#jobReference(jobId), configuration: { labels, load } };
    return upload<JobResource>(this.transport, `/upload/bigquery/v2/${this.#project}/jobs`, body, file, signal);
  }

  async job(jobId: string, signal: AbortSignal): Promise<JobResource> {
    const path = `/bigquery/v2/${this.#project}/jobs/${jobId}`;
    return (await this.transport.call<JobResource>({ method: 'GET', path, query: this.#inLocation() }, signal)).data;
  }

  /** The statements of a script, newest first. */
  async childJobs(jobId: string, signal: AbortSignal): Promise<readonly JobResource[]> {
    const query = { parentJobId: jobId, projection: 'full', maxResults: '1000' };
    const path = `/bigquery/v2/${this.#project}/jobs`;
    return (
      (await this.transport.call<{ jobs?: JobResource[] }>({ method: 'GET', path, query }, signal)).data.jobs ?? []
    );
  }

  async cancel(jobId: string, signal: AbortSignal): Promise<void> {
    const path = `/bigquery/v2/${this.#project}/jobs/${jobId}/cancel`;
    await this.transport.call({ method: 'POST', path, query: this.#inLocation() }, signal);
  }

  #jobReference(jobId: string): object {
    return { projectId: this.place.projectId, jobId, ...this.#inLocation() };
  }

  #inLocation(): Readonly<Record<string, string>> {
    return this.#location === null ? {} : { location: this.#location };
  }
}

const labels = { app: 'wharf' };

function queryParameters(parameters: Parameters): object {
  return {
    parameterMode: 'NAMED',
    queryParameters: Object.entries(parameters).map(([name, value]) => ({
      name,
      parameterType: { type: typeof value === 'bigint' ? 'INT64' : 'STRING' },
      parameterValue: { value: String(value) },
    })),
  };
}

/** `Not found: Table ...`, as opposed to a dataset or project that is not there. */
export function isAboutTable(error: unknown): boolean {
  return error instanceof Error && /Not found: Table/.test(error.message);
}
