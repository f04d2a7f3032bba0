import { gzipSync } from 'node:zlib';
import { Readable } from 'node:stream';
import { AppError } from '../../kernel/app-error.ts';
import { ulid } from '../../kernel/ids.ts';
import { metricTable } from '../tables.ts';
import type { SqlConnection } from './connection.ts';
import type { Container } from './container.ts';
import type { SynapseSettings } from './spec.ts';
import { copyInto, countStaged } from './sql.ts';
import { createStageTable, deleteFiles, dropStageTable, rootFolder } from './stage.ts';

/** One row by the way that loads take: file, COPY INTO, a table in the staging schema. Leaves nothing behind. */
export async function probePool(
  connection: SqlConnection,
  container: Container,
  settings: SynapseSettings,
  signal: AbortSignal,
): Promise<string> {
  const file = `${rootFolder}check/${ulid()}/probe.csv.gz`;
  const stage = await createStageTable(connection, metricTable, signal);
  try {
    await container.upload(file, Readable.from([gzipSync(probeLine())], { objectMode: false }), signal);
    const urls = [`${container.url}/${file}`];
    const label = 'wharf:check';
    await connection.run(copyInto(stage, metricTable, urls, settings.sharedAccessSignature, label), signal);
    const { rows } = await connection.run(countStaged(stage), signal);
    if (Number(rows[0]?.[0]) !== 1) {
      throw new AppError('COUNT_MISMATCH', { summary: 'The pool did not copy the one row of the probe file.' });
    }
    return 'Copied one row into a table of its own, and dropped it.';
  } finally {
    await dropStageTable(connection, stage);
    await deleteFiles(container, [file]);
  }
}

function probeLine(): string {
  const values = metricTable.columns.map(({ name }) => {
    if (name === 'id') return '"wharf-probe"';
    return name === '_change_number' ? '0' : '';
  });
  return `${[...values, '0'].join(',')}\n`;
}
