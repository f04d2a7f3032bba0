import type { Database } from '../db/database.ts';
import type { AnyDestination } from '../destinations/destination.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import type { SealingKeys } from '../kernel/sealed.ts';
import type { StageStore } from './stage-store.ts';
import type { Exports } from './types.ts';

export interface ExportsDeps {
  readonly db: Database;
  /** By kind. */
  readonly destinations: Readonly<Record<string, AnyDestination>>;
  readonly stage: StageStore;
  readonly sealingKeys: SealingKeys;
  readonly clock: Clock;
  readonly log: Logger;
  readonly options?: Partial<ExportOptions>;
}

export interface ExportOptions {
  /** Batches this process works on at once. 0 = this process only answers calls. */
  readonly slots: number;
  /** CIDRs to allow in the warehouse's firewall. */
  readonly outboundAddresses: readonly string[];
  /** For temporary files of destinations. */
  readonly tempDir: string;
}

export function createExports(_deps: ExportsDeps): Exports {
  throw new Error('not built yet');
}
