import { startStandIn } from '../../../src/destinations/stand-in/process.ts';
import type { DemoWarehouse, Dialect, Row } from './warehouse.ts';

/** How the demo reads what is in a stand-in. */
export interface Reader {
  readonly dialect: Dialect;
  ask(query: string): Promise<Row[]>;
  close(): Promise<void>;
}

/** What a reader is told of the stand-in: the connection's settings, and where it listens in the vendor's place. */
export interface Address<Settings> {
  readonly settings: Settings;
  readonly endpoints: Readonly<Record<string, string | undefined>>;
}

/** A stand-in in a process of its own, and a reader that is connected to it. */
export async function openStandIn<Settings extends object>(
  kind: string,
  label: string,
  read: (address: Address<Settings>) => Promise<Reader>,
): Promise<DemoWarehouse> {
  await using stack = new AsyncDisposableStack();
  const { settings, environment, notes, options } = stack.use(await startStandIn(kind));
  const reader = await read({ settings: settings as Settings, endpoints: { ...options.endpoints } });
  stack.defer(() => reader.close());
  const open = stack.move();
  return {
    kind,
    label: `the stand-in for ${label}`,
    settings,
    environment,
    dialect: reader.dialect,
    notes,
    ask: (query) => reader.ask(query),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}
