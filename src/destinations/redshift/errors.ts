import { AppError } from '../../kernel/app-error.ts';
import { classify, sharedRules, type ErrorRule, type Phase } from '../rules.ts';
import { stagedReaderRules } from '../staged-reader.ts';
import { loadError } from './catalog.ts';
import type { Connection } from './connection.ts';
import { serverRules } from './errors-server.ts';
import { storageRules } from './errors-storage.ts';
import { tooLargePattern } from './limits.ts';
import type { RedshiftSettings } from './spec.ts';

export const redshiftRules: readonly ErrorRule[] = [
  ...serverRules,
  ...storageRules,
  {
    code: 'DATA_TOO_LARGE',
    pattern: tooLargePattern,
    summary: 'A value is larger than Redshift takes.',
    advice:
      'Shorten the value that is named in the message. Without a staging bucket JSON documents end at 65,535 bytes; with one, only the texts in them do.',
  },
  ...stagedReaderRules,
  ...sharedRules,
];

/** The error as an AppError; a value that is too large by its row and column, a wrong region by the right one. */
export function translate(thrown: unknown, phase: Phase, settings: RedshiftSettings): AppError {
  const secrets = [settings.password, settings.stagingSecretAccessKey ?? ''].filter(Boolean);
  const { host, database, schema } = settings;
  const error = classify(withDetail(thrown), redshiftRules, { secrets, phase, details: { host, database, schema } });
  const summary = tooLarge(error) ?? rightRegion(error, thrown, settings);
  if (!summary) return error;
  return new AppError(error.code, {
    summary,
    advice: error.advice,
    ...(error.externalMessage === null ? {} : { externalMessage: error.externalMessage }),
    details: error.details,
    cause: error.cause,
  });
}

/** Redshift says the important half of many errors in `detail`, which no rule looks at. */
export function withDetail(thrown: unknown): unknown {
  if (!(thrown instanceof Error)) return thrown;
  const { detail, code } = thrown as { detail?: unknown; code?: unknown };
  if (typeof detail !== 'string' || detail.trim() === '') return thrown;
  const whole = new Error(`${thrown.message}\n${detail.trim()}`, { cause: thrown.cause });
  return Object.assign(whole, { name: thrown.name, stack: thrown.stack, code });
}

function tooLarge(error: AppError): string | null {
  const [found, column, bytes, limit, row] = tooLargePattern.exec(error.externalMessage ?? '') ?? [];
  return found ? `Row ${row}: column ${column} has a value of ${bytes} bytes; Redshift takes ${limit}.` : null;
}

function rightRegion(error: AppError, thrown: unknown, { stagingRegion }: RedshiftSettings): string | null {
  if (error.code !== 'CONFIG_REGION') return null;
  const { Region, $response } = thrown as { Region?: unknown; $response?: { headers?: Record<string, string> } };
  const region = Region ?? $response?.headers?.['x-amz-bucket-region'];
  if (typeof region !== 'string' || !/^[a-z0-9-]{1,40}$/.test(region)) return null;
  return `The staging bucket is in region ${region}, not ${stagingRegion}.`;
}

/** Of Redshift's own load error codes, those that mean a value was too large; the others mean it could not be read. */
const tooLargeCodes: ReadonlySet<number> = new Set([1204, 1216]);

/** After a failed COPY and its rollback: the error with file, line, column and reason, where Redshift tells them. */
export async function explainLoadError(
  connection: Connection,
  settings: RedshiftSettings,
  thrown: unknown,
): Promise<AppError> {
  const known = translate(thrown, 'load', settings);
  const told = await connection.run(loadError(connection.sessionId)).catch(() => null);
  const [file, line, column, code, reason] = told?.rows[0] ?? [];
  if (reason === undefined || reason === null) return known;
  const long = tooLargeCodes.has(Number(code)) || /longer than|exceeds/.test(String(reason));
  return new AppError(long ? 'DATA_TOO_LARGE' : 'DATA_INVALID', {
    summary: `Redshift could not take line ${line} of ${fileName(file)}, column ${column}: ${reason} (${code})`,
    ...(known.externalMessage === null ? {} : { externalMessage: known.externalMessage }),
    details: { ...known.details, file: fileName(file), line: Number(line), column, loadErrorCode: Number(code) },
    cause: known.cause,
  });
}

function fileName(url: unknown): string {
  return String(url).split('/').at(-1) ?? '';
}
