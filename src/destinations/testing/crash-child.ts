/** Child process of `crashAt`: loads one batch and kills itself when a named step is logged. Reads its task from stdin. */
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { createLogger } from '../../kernel/logger.ts';
import { createDestinations } from '../registry.ts';
import { tables } from '../tables.ts';
import type { CrashTask } from './crash.ts';
import { stagedBatch, stagedFileAt } from './staged-batch.ts';

const task = JSON.parse(await text(process.stdin)) as CrashTask;
const log = createLogger('debug', {
  write: (line) => {
    if ((JSON.parse(line) as { step?: unknown }).step === task.step) process.kill(process.pid, 'SIGKILL');
  },
});
const files = await Promise.all(
  task.files.map(async ({ path, name, rows }) => stagedFileAt(path, name, rows, await readFile(path))),
);
const destination = createDestinations(task.options)[task.kind];
await using session = await destination.open(task.settings, { log, tempDir: task.tempDir });
await session.load(stagedBatch(tables[task.table], files, task.parts), new AbortController().signal);
