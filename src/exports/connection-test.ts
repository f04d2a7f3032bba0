import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckStep } from '../destinations/destination.ts';
import { toAppError } from '../kernel/app-error.ts';
import { liveDestination, noConnection } from './connection-row.ts';
import { checkedSettings, destinationOf, openSettings, withStoredSecrets } from './destination-access.ts';
import type { ExportParts } from './parts.ts';
import type { SettingsInput } from './types.ts';

/** Runs a destination's own checks, over settings that are typed or stored. What the customer can fix is a failed step. */
export async function* checkConnection(
  parts: ExportParts,
  accountId: number,
  input: SettingsInput | 'saved',
  signal: AbortSignal,
): AsyncGenerator<CheckStep> {
  const row = await liveDestination(parts.db, accountId);
  if (input === 'saved' && !row) throw noConnection();
  const kind = input === 'saved' ? (row?.kind ?? '') : input.kind;
  const destination = destinationOf(parts.destinations, kind);
  const tempDir = await mkdtemp(join(parts.options.tempDir, 'wharf-check-'));
  try {
    const typed = input === 'saved' ? {} : input.settings;
    const whole =
      input === 'saved' && row
        ? openSettings(row, parts.sealingKeys, accountId)
        : row?.kind === kind
          ? withStoredSecrets(destination, typed, row, parts.sealingKeys, accountId)
          : typed;
    await using session = await destination.open(checkedSettings(destination, whole), { log: parts.log, tempDir });
    yield* session.check(signal);
  } catch (thrown) {
    const error = toAppError(thrown);
    yield { id: 'settings', label: 'Settings are complete and the warehouse can be opened', outcome: 'failed', error };
  } finally {
    await rm(tempDir, { recursive: true, force: true });
  }
}
