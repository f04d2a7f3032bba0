/**
 * The keys that stored secrets are sealed with, and their rotation.
 *
 * They are in a file, newest first, or in the settings. A rotation goes in steps, and may be cut off between any two:
 * a new key goes on top of the file; every stored secret is sealed with it; the older keys are retired in the database, which
 * takes nothing sealed with them from then on; and they leave the file. Until its last step the file opens all there is.
 */
import { AppError } from '../kernel/app-error.ts';
import { keepSecrets, keptSecret, newSecret, readKeptSecrets } from '../kernel/kept-secret.ts';
import { sealingKey, type SealingKey, type SealingKeys } from '../kernel/sealed.ts';
import type { Database } from './database.ts';
import { acceptKeys, reseal, retireKeys } from './sealed-columns.ts';

/** Where the secrets are that keys are made from; the older ones only open. */
export type SecretSource = { readonly older: readonly string[] } & (
  | { readonly file: string }
  | { readonly newest: string }
);

export interface Rotation {
  /** Stored secrets that were sealed anew. */
  readonly resealed: number;
  /** Ids of keys that nothing needs any more. */
  readonly retired: readonly string[];
}

/** Any constant. */
const rotationLock = 7_201_954;

/** Makes the file at the first call. Keys of a file are read again whenever one is missing and before each sealing. */
export async function openSealingKeys(source: SecretSource): Promise<SealingKeys> {
  const older = source.older.map(sealingKey);
  const newest = sealingKey(await newestSecret(source));
  if ('newest' in source) return [newest, ...older];
  const keys: [SealingKey, ...SealingKey[]] = [newest];
  const refresh = (): void => {
    const present = readKeptSecrets(source.file).map(sealingKey);
    keys.splice(0, keys.length, ...present, ...older);
  };
  refresh();
  return Object.assign(keys, { refresh });
}

export async function newestSecret(source: SecretSource): Promise<string> {
  return 'newest' in source ? source.newest : keptSecret(source.file);
}

/**
 * Makes a new key, or goes on with a rotation that was cut off, and leaves nothing that an older key is needed for.
 * @throws AppError CONFLICT when the keys are in the settings and there is only one
 */
export async function rotateKeys(db: Database, source: SecretSource): Promise<Rotation> {
  return alone(db, () => rotated(db, source));
}

/** At the start of a process: ends a rotation that was cut off. Null when there was none. */
export async function finishRotation(db: Database, source: SecretSource): Promise<Rotation | null> {
  return alone(db, async () => {
    await acceptKeys(db, await openSealingKeys(source));
    const unfinished = 'file' in source && readKeptSecrets(source.file).length > 1;
    return unfinished ? rotated(db, source) : null;
  });
}

async function rotated(db: Database, source: SecretSource): Promise<Rotation> {
  let done: Rotation = { resealed: 0, retired: [] };
  for await (const step of rotation(db, source)) done = step;
  return done;
}

/** Yields between any two steps what is done so far. */
export async function* rotation(db: Database, source: SecretSource): AsyncGenerator<Rotation, void, void> {
  let resealed = 0;
  if ('file' in source) await putNewKey(source.file);
  else if (source.older.length === 0) throw onlyOneKey();
  yield { resealed, retired: [] };
  const keys = await openSealingKeys(source);
  // again, should a process that read the keys earlier have sealed something meanwhile
  do {
    for await (const count of reseal(db, keys)) yield { resealed: (resealed += count), retired: [] };
  } while (!(await retireKeys(db, keys)));
  const retired = keys.slice(1).map(({ id }) => id);
  yield { resealed, retired };
  if ('file' in source) await keepSecrets(source.file, [await keptSecret(source.file)]);
  yield { resealed, retired };
}

async function putNewKey(file: string): Promise<void> {
  await keptSecret(file);
  const secrets = readKeptSecrets(file);
  if (secrets.length === 1) await keepSecrets(file, [newSecret(), ...secrets]);
}

/** One at a time, whichever process it runs in. */
async function alone<T>(db: Database, work: () => Promise<T>): Promise<T> {
  return db.transaction(async (tx) => {
    await tx.query('select pg_advisory_xact_lock($1)', [rotationLock]);
    return work();
  });
}

function onlyOneKey(): AppError {
  return new AppError('CONFLICT', {
    summary: 'The secret key is the setting WHARF_SECRET_KEY, and there is no older one to replace.',
    advice:
      'Put a new key in WHARF_SECRET_KEY and the present one in WHARF_OLD_SECRET_KEYS, restart Wharf, and rotate then.',
  });
}
