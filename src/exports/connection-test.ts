import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AnyDestination, CheckStep } from '../destinations/destination.ts';
import { toAppError } from '../kernel/app-error.ts';
import { liveDestination, noConnection, type DestinationRow } from './connection-row.ts';
import { checkedSettings, destinationOf, editedSettings, openSettings } from './destination-access.ts';
import type { ExportParts } from './parts.ts';
import type { SettingsInput } from './types.ts';

interface Subject {
  readonly destination: AnyDestination;
  /** @throws AppError SETTINGS_INVALID */
  settings(): Readonly<Record<string, unknown>>;
}

/** Runs a destination's own checks, over settings that are typed or stored. What the customer can fix is a failed step. */
export async function* checkConnection(
  parts: ExportParts,
  accountId: number,
  input: SettingsInput | 'saved',
  signal: AbortSignal,
): AsyncGenerator<CheckStep> {
  const row = await liveDestination(parts.db, accountId);
  const { destination, settings } = input === 'saved' ? saved(parts, row) : typed(parts, row, input);
  const tempDir = await mkdtemp(join(parts.options.tempDir, 'wharf-check-'));
  try {
    await using session = await destination.open(settings(), { log: parts.log, tempDir });
    yield* session.check(signal);
  } catch (thrown) {
    const error = toAppError(thrown);
    yield { id: 'settings', label: 'Settings are complete and the warehouse can be opened', outcome: 'failed', error };
  } finally {
    await rm(tempDir, { recursive: true, force: true });
  }
}

/** @throws AppError NOT_FOUND */
function saved({ destinations, sealingKeys }: ExportParts, row: DestinationRow | null): Subject {
  if (!row) throw noConnection();
  const destination = destinationOf(destinations, row.kind);
  return {
    destination,
    settings: () => checkedSettings(destination, openSettings(row, sealingKeys, row.accountId)),
  };
}

/** Over settings of the kind that is connected, secrets left empty are the stored ones. @throws AppError INVALID_INPUT */
function typed({ destinations, sealingKeys }: ExportParts, row: DestinationRow | null, input: SettingsInput): Subject {
  const destination = destinationOf(destinations, input.kind);
  return {
    destination,
    settings: () =>
      row?.kind === input.kind
        ? editedSettings(destination, input.settings, row, sealingKeys, row.accountId)
        : checkedSettings(destination, input.settings),
  };
}
