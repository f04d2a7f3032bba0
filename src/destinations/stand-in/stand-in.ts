/**
 * A stand-in speaks a vendor's real protocol, so that the vendor's own driver is what runs in tests, demo and benchmarks.
 * It proves our side of the conversation, never the vendor's engine; `double.md` beside each says what stays unproven.
 * Each runs in a process of its own: `node src/destinations/<kind>/double.ts`, or `wharf standin <kind>`.
 */
import type { DestinationOptions } from '../registry.ts';
import type { CallLog } from './calls.ts';
import type { FaultPlan } from './faults.ts';

export interface StandIn extends AsyncDisposable {
  /** What `createDestinations` needs so that this stands in for the vendor. */
  readonly options: DestinationOptions;
  /** How a foreign client connects, one line each. */
  readonly notes: readonly string[];
  /**
   * A new, empty warehouse beside the others, set up as the set-up script would, with its user.
   * Resolves to settings that can be typed into the form as they are.
   */
  createWarehouse(): Promise<Record<string, unknown>>;
}

/** What a stand-in is started with. */
export interface StandInContext {
  /** The main port; 0 takes a free one. */
  readonly port: number;
  /** For whatever it keeps; removed when it stops. */
  readonly folder: string;
  readonly faults: FaultPlan;
  readonly calls: CallLog;
}

export type StartStandIn = (context: StandInContext) => Promise<StandIn>;

/** The first line a stand-in's process writes, as JSON. */
export interface StandInReady {
  readonly options: DestinationOptions;
  readonly notes: readonly string[];
  /** Of the first warehouse. */
  readonly settings: Record<string, unknown>;
  /** Base URL of the control server (`control.ts`). */
  readonly control: string;
}
