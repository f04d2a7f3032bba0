/** A destination's settings: the plain part as stored, the secret part sealed for one account. */
import { isDeepStrictEqual } from 'node:util';
import type { Sql } from '../db/database.ts';
import type { AnyDestination, FieldSpec } from '../destinations/destination.ts';
import { AppError } from '../kernel/app-error.ts';
import { seal, unseal, type SealingKeys } from '../kernel/sealed.ts';

export type Destinations = Readonly<Record<string, AnyDestination>>;
type Settings = Readonly<Record<string, unknown>>;

export interface StoredSettings {
  readonly settings: Settings;
  /** Sealed JSON object of the secret fields; null when there are none. */
  readonly secrets: string | null;
  readonly secretsSet: readonly string[];
}

/** @throws AppError INVALID_INPUT */
export function destinationOf(destinations: Destinations, kind: string): AnyDestination {
  const found = Object.hasOwn(destinations, kind) ? destinations[kind] : undefined;
  if (found) return found;
  throw new AppError('INVALID_INPUT', {
    summary: `There is no destination of the kind "${kind.slice(0, 40)}".`,
    details: { problems: [{ field: 'kind', message: `must be one of ${Object.keys(destinations).join(', ')}` }] },
  });
}

/** Splits checked settings for storing. */
export function storeSettings(
  destination: AnyDestination,
  settings: Settings,
  keys: SealingKeys,
  accountId: number,
): StoredSettings {
  const secretNames = new Set(destination.spec.fields.filter((field) => field.secret).map((field) => field.name));
  const entries = Object.entries(settings);
  const plain = Object.fromEntries(entries.filter(([name]) => !secretNames.has(name)));
  const secret = Object.fromEntries(entries.filter(([name, value]) => secretNames.has(name) && isGiven(value)));
  const secretsSet = Object.keys(secret);
  const secrets = secretsSet.length === 0 ? null : seal(keys, JSON.stringify(secret), sealContext(accountId));
  return { settings: plain, secrets, secretsSet };
}

/** The whole settings, secrets included: for opening a session, never for an answer. */
export function openSettings(stored: StoredSettings, keys: SealingKeys, accountId: number): Settings {
  return { ...stored.settings, ...openSecrets(stored, keys, accountId) };
}

/**
 * What was typed, checked, with the stored secrets where a secret field was left empty. Stored secrets go to the server they
 * were entered for and to no other: whoever may edit a connection must not learn its secrets by naming a server of their own.
 * @throws AppError SETTINGS_INVALID naming every wrong field, and every secret that must be entered again
 */
export function editedSettings(
  destination: AnyDestination,
  typed: Settings,
  stored: StoredSettings,
  keys: SealingKeys,
  accountId: number,
): Settings {
  const kept = stored.secretsSet.filter((name) => !isGiven(typed[name]) && isSecret(destination, name));
  // opened only when needed: whoever enters every secret again can do without the key they were sealed with
  if (kept.length === 0) return checkedSettings(destination, typed);
  const secrets = openSecrets(stored, keys, accountId);
  const whole = { ...typed, ...Object.fromEntries(kept.map((name) => [name, secrets[name]])) };
  const settings = checkedSettings(destination, whole);
  const moved = changedPlaces(destination, stored.settings, settings).filter(({ place }) => place === 'server');
  if (moved.length > 0) throw secretsNeeded(kept, moved);
  return settings;
}

/**
 * The fields with a place whose values differ. `after` is checked; `before` is as it was stored, and read as the destination
 * reads it today, so that a default or a trimming that came later is no change.
 */
export function changedPlaces(destination: AnyDestination, before: Settings, after: Settings): readonly FieldSpec[] {
  const parsed = destination.spec.settings.safeParse({ ...secretsOf(destination, after), ...before });
  const earlier = parsed.success ? (parsed.data as Settings) : before;
  return destination.spec.fields.filter(
    ({ name, place }) => place !== undefined && !isDeepStrictEqual(earlier[name] ?? null, after[name] ?? null),
  );
}

/**
 * Validates as the destination does; returns the settings with its defaults filled in.
 * @throws AppError SETTINGS_INVALID naming every wrong field
 */
export function checkedSettings(destination: AnyDestination, settings: Settings): Settings {
  const given = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== null));
  const parsed = destination.spec.settings.safeParse(given);
  if (parsed.success) return parsed.data as Settings;
  const problems = parsed.error.issues.map((issue) => ({ field: issue.path.join('.'), message: issue.message }));
  throw new AppError('SETTINGS_INVALID', {
    summary: problems.map((problem) => `${problem.field}: ${problem.message}`).join('; '),
    details: { problems },
  });
}

/** Stored settings of a live destination. @throws AppError NOT_FOUND */
export async function readSettings(sql: Sql, accountId: number, destinationId: string): Promise<StoredSettings> {
  const { rows } = await sql.query<StoredSettings>(
    `select settings, secrets, secrets_set as "secretsSet" from destination
     where account_id = $1 and id = $2 and removed_at is null`,
    [accountId, destinationId],
  );
  if (rows[0]) return rows[0];
  throw new AppError('NOT_FOUND', { summary: 'The destination was removed.', details: { destinationId } });
}

function openSecrets(stored: StoredSettings, keys: SealingKeys, accountId: number): Record<string, unknown> {
  if (stored.secrets === null) return {};
  return JSON.parse(unseal(keys, stored.secrets, sealContext(accountId))) as Record<string, unknown>;
}

function sealContext(accountId: number): string {
  return `account:${accountId}:destination`;
}

function isSecret(destination: AnyDestination, name: string): boolean {
  return destination.spec.fields.some((field) => field.secret && field.name === name);
}

function secretsOf(destination: AnyDestination, settings: Settings): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => isSecret(destination, name)));
}

function secretsNeeded(names: readonly string[], moved: readonly FieldSpec[]): AppError {
  const labels = moved.map(({ label }) => `the ${label.charAt(0).toLowerCase()}${label.slice(1)}`).join(' and ');
  const has = moved.length === 1 ? 'has' : 'have';
  const message = `Enter it again: ${labels} ${has} changed, and stored secrets are not sent to another server.`;
  const problems = names.map((field) => ({ field, message }));
  return new AppError('SETTINGS_INVALID', {
    summary: problems.map(({ field, message }) => `${field}: ${message}`).join('; '),
    details: { problems },
  });
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}
