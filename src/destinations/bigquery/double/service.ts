/** What the API's methods do, without HTTP. */
import { rm } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import type { CallLog } from '../../stand-in/calls.ts';
import type { FaultPlan } from '../../stand-in/faults.ts';
import { literal } from '../../staged-reader.ts';
import type { Cloud } from './cloud.ts';
import type { Engine, Field } from './engine.ts';
import { Jobs, type Job, type JobOutcome, type JobRequest, type LoadRequest, type QueryRequest } from './jobs.ts';
import { statementsOf, tokensOf } from './lexer.ts';
import { runScript } from './script.ts';
import { translate, type Scope, type TableRef } from './translate.ts';
import { invalidQuery, VendorError } from './vendor-error.ts';

export interface ServiceParts {
  readonly cloud: Cloud;
  readonly engine: Engine;
  readonly faults: FaultPlan;
  readonly calls: CallLog;
}

export class Service {
  readonly cloud: Cloud;
  readonly engine: Engine;
  readonly jobs = new Jobs();
  readonly #faults: FaultPlan;
  readonly #calls: CallLog;

  constructor({ cloud, engine, faults, calls }: ServiceParts) {
    this.cloud = cloud;
    this.engine = engine;
    this.#faults = faults;
    this.#calls = calls;
  }

  dataset(caller: string, projectId: string, id: string): object {
    const { location } = this.cloud.mayEdit(caller, projectId, id, 'bigquery.datasets.get');
    return {
      kind: 'bigquery#dataset',
      id: `${projectId}:${id}`,
      datasetReference: { datasetId: id, projectId },
      location,
    };
  }

  async table(caller: string, ref: TableRef): Promise<object> {
    const { location } = this.cloud.mayEdit(caller, ref.projectId, ref.dataset, 'bigquery.tables.get');
    const fields = await this.engine.fields(ref);
    if (!fields) throw notFound(ref);
    const { made, expires } = this.engine.facts(ref);
    return {
      kind: 'bigquery#table',
      id: `${ref.projectId}:${ref.dataset}.${ref.table}`,
      tableReference: reference(ref),
      schema: { fields },
      numRows: String(await this.engine.count(ref)),
      creationTime: String(made),
      ...(expires === null ? {} : { expirationTime: String(expires) }),
      type: 'TABLE',
      location,
    };
  }

  async createTable(
    caller: string,
    ref: TableRef,
    body: { readonly schema?: { readonly fields?: readonly Field[] }; readonly expirationTime?: string },
  ): Promise<object> {
    this.cloud.mayEdit(caller, ref.projectId, ref.dataset, 'bigquery.tables.create');
    if (await this.engine.fields(ref)) {
      throw new VendorError(409, 'duplicate', `Already Exists: Table ${ref.projectId}:${ref.dataset}.${ref.table}`);
    }
    await this.engine.createTable(
      ref,
      body.schema?.fields ?? [],
      body.expirationTime ? Number(body.expirationTime) : null,
    );
    return this.table(caller, ref);
  }

  async deleteTable(caller: string, ref: TableRef): Promise<void> {
    this.cloud.mayEdit(caller, ref.projectId, ref.dataset, 'bigquery.tables.delete');
    if (!(await this.engine.fields(ref))) throw notFound(ref);
    await this.engine.dropTable(ref);
  }

  async tables(caller: string, projectId: string, dataset: string): Promise<object> {
    this.cloud.mayEdit(caller, projectId, dataset, 'bigquery.tables.list');
    const names = await this.engine.tables(projectId, dataset);
    const tables = names.map((table) => {
      const ref = { projectId, dataset, table };
      return { tableReference: reference(ref), type: 'TABLE', creationTime: String(this.engine.facts(ref).made) };
    });
    return { kind: 'bigquery#tableList', tables, totalItems: tables.length };
  }

  /** Begins a query; the file of a load is at `path`, and is removed when the job has ended. */
  async insertJob(caller: string, projectId: string, request: JobRequest, path?: string): Promise<Job | object> {
    this.cloud.mayRunJobs(caller, projectId);
    const { query, load, dryRun } = request.configuration ?? {};
    if (dryRun) return this.#dryRun(caller, projectId, query ?? {});
    const id = this.jobs.reserve(projectId, request);
    const location = this.#locationOf(projectId, query, load, request);
    return this.jobs.start(projectId, id, location, request, (signal) =>
      load && path !== undefined
        ? this.#load(caller, projectId, load, path)
        : this.#query(caller, projectId, query ?? {}, signal),
    );
  }

  async #dryRun(caller: string, projectId: string, query: QueryRequest): Promise<object> {
    for (const tokens of statementsOf(tokensOf(query.query ?? ''))) {
      for (const ref of translate(tokens, scopeOf(projectId, query)).tables) await this.table(caller, ref);
    }
    return { jobReference: { projectId }, status: { state: 'DONE' }, configuration: { dryRun: true } };
  }

  async #query(caller: string, projectId: string, query: QueryRequest, signal: AbortSignal): Promise<JobOutcome> {
    const { cloud, engine } = this;
    const context = {
      engine,
      cloud,
      caller,
      signal,
      scope: scopeOf(projectId, query),
      faults: this.#faults,
      calls: this.#calls,
    };
    return this.#timed('job query', async () => ({ script: await runScript(query.query ?? '', context) }));
  }

  async #load(caller: string, projectId: string, load: LoadRequest, path: string): Promise<JobOutcome> {
    const { datasetId: dataset, tableId: table } = load.destinationTable;
    const ref = { projectId: load.destinationTable.projectId ?? projectId, dataset, table };
    try {
      return await this.#timed('job load', async () => {
        this.cloud.mayEdit(caller, ref.projectId, dataset, 'bigquery.tables.updateData');
        const found = await this.engine.fields(ref);
        const fields = load.schema?.fields ?? found;
        if (!fields || (!found && load.createDisposition === 'CREATE_NEVER')) throw notFound(ref);
        if (!found) await this.engine.createTable(ref, fields, null);
        const connection = await this.engine.connect();
        try {
          const truncate = load.writeDisposition === 'WRITE_TRUNCATE';
          return { outputRows: await this.engine.load(connection, ref, path, fields, truncate) };
        } finally {
          connection.closeSync();
        }
      });
    } finally {
      await rm(path, { force: true });
    }
  }

  async #timed<T>(label: string, work: () => Promise<T>): Promise<T> {
    const started = performance.now();
    try {
      return await work();
    } finally {
      this.#calls.add({ label, bytesReceived: 0, milliseconds: performance.now() - started });
    }
  }

  /** A job runs where its data is. */
  #locationOf(
    projectId: string,
    query: QueryRequest | undefined,
    load: LoadRequest | undefined,
    request: JobRequest,
  ): string {
    const told = request.jobReference?.location;
    const datasets = this.cloud.project(projectId).datasets;
    const named = load?.destinationTable.datasetId ?? /`([^`.]+)`\.`(?!.*INFORMATION)/.exec(query?.query ?? '')?.[1];
    const actual = datasets.get(named ?? '')?.location ?? [...datasets.values()][0]?.location ?? 'US';
    if (told && load && told !== actual) {
      throw new VendorError(
        404,
        'notFound',
        `Not found: Dataset ${projectId}:${load.destinationTable.datasetId} was not found in location ${told}`,
      );
    }
    return told ?? actual;
  }
}

function scopeOf(projectId: string, { defaultDataset, queryParameters }: QueryRequest): Scope {
  return {
    projectId,
    defaultDataset: defaultDataset
      ? { projectId: defaultDataset.projectId ?? projectId, dataset: defaultDataset.datasetId }
      : null,
    parameters: new Map(
      (queryParameters ?? []).map(({ name = '', parameterType, parameterValue }) => [
        name.toLowerCase(),
        parameterLiteral(parameterType?.type ?? 'STRING', parameterValue?.value),
      ]),
    ),
  };
}

function parameterLiteral(type: string, value: string | undefined): string {
  if (value === undefined) return 'NULL';
  if (type === 'STRING') return literal(value);
  if (type === 'INT64' && /^-?\d+$/.test(value)) return `${value}::BIGINT`;
  if (type === 'BOOL' && /^(true|false)$/.test(value)) return value;
  if (type === 'FLOAT64' || type === 'TIMESTAMP' || type === 'DATE')
    return `${literal(value)}::${type === 'FLOAT64' ? 'DOUBLE' : type}`;
  throw invalidQuery(`Invalid value for parameter of type ${type}`);
}

function reference({ projectId, dataset, table }: TableRef): object {
  return { projectId, datasetId: dataset, tableId: table };
}

function notFound({ projectId, dataset, table }: TableRef): VendorError {
  return new VendorError(404, 'notFound', `Not found: Table ${projectId}:${dataset}.${table}`);
}
