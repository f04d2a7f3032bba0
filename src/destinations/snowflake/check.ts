import type { AppError } from '../../kernel/app-error.ts';
import type { CheckStep } from '../destination.ts';
import type { SnowflakeSettings } from './spec.ts';
import type { Place } from './sql.ts';

export interface Checked {
  readonly settings: SnowflakeSettings;
  readonly endpoint: string | null;
  readonly place: Place;
  readonly tempDir: string;
}

export async function* checkWarehouse(
  checked: Checked,
  translate: (error: unknown) => AppError,
  signal: AbortSignal,
): AsyncIterable<CheckStep> {
  yield { id: 'settings', label: 'The fields are well formed', outcome: 'passed' };
}
