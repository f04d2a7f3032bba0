import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '../../kernel/logger.ts';
import type {
  OpenContext,
  Receipt,
  Session,
  StagedBatch,
  StagedFile,
  StagedFormat,
  TableSpec,
} from '../destination.ts';
import { metricTable } from '../tables.ts';
import type { Rig } from './rig.ts';
import { stagedBatch, stagedLine, stageFile, tombstoneLine, type BatchParts } from './staged-batch.ts';

export const live = new AbortController().signal;

/** `['m1', 3, 'name']` is a metric row with change number 3, `['m1', 4]` its deletion. */
export type Brief = readonly [id: string, changeNumber: number, name?: string];

/** A rig with a temporary folder, a captured log and short ways to stage, load and read. */
export class Workbench implements AsyncDisposable {
  readonly rig: Rig;
  readonly folder: string;
  readonly logLines: string[] = [];
  readonly format: StagedFormat;
  /** Called with the name of each step that the destination logs. */
  onStep: (step: string) => void = () => undefined;
  #files = 0;

  private constructor(rig: Rig, folder: string) {
    this.rig = rig;
    this.folder = folder;
    this.format = rig.destination.stagedFormat(rig.settings);
  }

  static async open(openRig: () => Promise<Rig>): Promise<Workbench> {
    const folder = await mkdtemp(join(tmpdir(), 'wharf-conformance-'));
    await mkdir(join(folder, 'session'));
    return new Workbench(await openRig(), folder);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.rig[Symbol.asyncDispose]();
    await rm(this.folder, { recursive: true, force: true });
  }

  get context(): OpenContext {
    const write = (line: string): void => {
      this.logLines.push(line);
      const { step } = JSON.parse(line) as { step?: string };
      if (step) this.onStep(step);
    };
    return { log: createLogger('trace', { write }), tempDir: this.sessionFolder };
  }

  get sessionFolder(): string {
    return join(this.folder, 'session');
  }

  open(): Promise<Session> {
    return this.rig.destination.open(this.rig.settings, this.context);
  }

  line(table: TableSpec, row: Record<string, string | number | bigint | null>): string {
    return stagedLine(table, row, this.format);
  }

  tombstone(table: TableSpec, id: string, changeNumber: number): string {
    return tombstoneLine(table, id, changeNumber, this.format);
  }

  file(lines: readonly string[]): Promise<StagedFile> {
    this.#files += 1;
    return stageFile(this.folder, `part-${String(this.#files).padStart(5, '0')}.gz`, lines);
  }

  async batch(table: TableSpec, lines: readonly string[], parts: BatchParts = {}): Promise<StagedBatch> {
    return stagedBatch(table, [await this.file(lines)], parts);
  }

  metricLines(rows: readonly Brief[]): string[] {
    return rows.map(([id, changeNumber, name]) =>
      name === undefined
        ? this.tombstone(metricTable, id, changeNumber)
        : this.line(metricTable, { id, name, _change_number: changeNumber }),
    );
  }

  metrics(rows: readonly Brief[], parts: BatchParts = {}): Promise<StagedBatch> {
    return this.batch(metricTable, this.metricLines(rows), parts);
  }

  /** In a session of its own. */
  async load(batch: StagedBatch, signal: AbortSignal = live): Promise<Receipt> {
    await using session = await this.open();
    return await session.load(batch, signal);
  }

  /** The metric table in brief, by id. */
  async state(): Promise<Brief[]> {
    const rows = await this.rig.readBack(metricTable);
    return rows.map((row) => [row['id'] ?? '', Number(row['_change_number']), row['name'] ?? '']);
  }

  leftInTempDir(): Promise<string[]> {
    return readdir(this.sessionFolder);
  }
}

/** Runs a case on a fresh warehouse. */
export type WithWorkbench = (run: (bench: Workbench) => Promise<void>) => () => Promise<void>;
