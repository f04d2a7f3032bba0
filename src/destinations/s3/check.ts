import { AppError } from '../../kernel/app-error.ts';
import { ulid } from '../../kernel/ids.ts';
import type { CheckStep } from '../destination.ts';
import type { Bucket } from './bucket.ts';
import { keyUnder } from './layout.ts';
import type { S3Settings } from './spec.ts';

/** S3 refuses signatures from 15 minutes on; a drift of half a minute deserves a look. */
const clockToleranceMs = 30_000;

type Translate = (error: unknown) => AppError;

/** Steps of the connection check. The first call tells three of them apart by how it fails. */
export async function* checkBucket(
  bucket: Bucket,
  settings: S3Settings,
  translate: Translate,
  signal: AbortSignal,
): AsyncIterable<CheckStep> {
  yield { id: 'settings', label: 'The fields are well formed', outcome: 'passed' };
  const probe = keyUnder(settings, `_wharf_probe/${ulid()}`);
  const failure = await bucket.list(probe, signal, 1).then(() => null, translate);
  yield* accessSteps(failure, settings);
  if (failure) {
    yield { id: 'probe', label: probeLabel, outcome: 'skipped', message: 'The bucket could not be listed.' };
    yield { id: 'multipart', label: multipartLabel, outcome: 'skipped', message: 'The bucket could not be listed.' };
  } else {
    yield await tried('probe', probeLabel, translate, () => writeAndRead(bucket, probe, signal));
    yield await tried('multipart', multipartLabel, translate, async () => {
      await bucket.tryMultipart(probe, signal);
      return 'Begun and given up.';
    });
  }
  yield clockStep(bucket.clockDifferenceMs);
}

const probeLabel = 'An object can be written, listed, read and deleted';
const multipartLabel = 'Large files can be uploaded in parts';

function* accessSteps(failure: AppError | null, settings: S3Settings): Iterable<CheckStep> {
  const found = `${settings.bucket} in ${settings.region}`;
  const steps = [
    { id: 'reach', label: 'The store answers', message: settings.endpoint ?? 'Amazon S3', codes: unreachable },
    { id: 'sign-in', label: 'The key is accepted', message: settings.accessKeyId, codes: refused },
    { id: 'bucket', label: 'The bucket is visible and in this region', message: found, codes: null },
  ] as const;
  let failed = false;
  for (const { id, label, message, codes } of steps) {
    if (failed) {
      yield { id, label, outcome: 'skipped', message: 'The step before failed.' };
    } else if (failure && (codes === null || codes.has(failure.code))) {
      failed = true;
      yield { id, label, outcome: 'failed', error: failure };
    } else {
      yield { id, label, outcome: 'passed', message };
    }
  }
}

const unreachable: ReadonlySet<string> = new Set([
  'NETWORK_UNREACHABLE',
  'NETWORK_BLOCKED',
  'TIMEOUT',
  'SETTINGS_INVALID',
  'CANCELLED',
  'UNKNOWN',
]);
const refused: ReadonlySet<string> = new Set(['AUTH_INVALID', 'AUTH_EXPIRED', 'CLOCK_SKEW', 'BILLING']);

async function writeAndRead(bucket: Bucket, key: string, signal: AbortSignal): Promise<string> {
  const body = 'Written by the connection check; safe to delete.';
  await bucket.put(key, body, 'text/plain', signal);
  try {
    const same = (await bucket.read(key, signal)) === body && (await bucket.list(key, signal)).has(key);
    if (!same) throw new AppError('UPLOAD_CORRUPT', { summary: 'The probe object did not come back as written.' });
  } finally {
    await bucket.delete(key, signal);
  }
  return 'Written, listed, read and deleted.';
}

async function tried(id: string, label: string, translate: Translate, run: () => Promise<string>): Promise<CheckStep> {
  try {
    return { id, label, outcome: 'passed', message: await run() };
  } catch (error) {
    return { id, label, outcome: 'failed', error: translate(error) };
  }
}

function clockStep(differenceMs: number | null): CheckStep {
  const step = { id: 'clock', label: 'The clocks agree' };
  if (differenceMs === null) return { ...step, outcome: 'skipped', message: 'The store told no time.' };
  const seconds = Math.round(differenceMs / 1000);
  const message = `The store's clock differs by ${seconds} s.`;
  if (Math.abs(differenceMs) <= clockToleranceMs) return { ...step, outcome: 'passed', message };
  return { ...step, outcome: 'failed', error: new AppError('CLOCK_SKEW', { summary: message, details: { seconds } }) };
}
