/** A stand-in as a child process, and the way to steer it: for tests, demo, benchmarks and the command line. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Call } from './calls.ts';
import { environmentOf } from './environment.ts';
import type { FaultInput } from './faults.ts';
import type { StandInReady } from './stand-in.ts';

export interface StandInProcess extends AsyncDisposable, StandInReady {
  readonly pid: number;
  /** What a service needs in its environment so that this stands in for the vendor. */
  readonly environment: Readonly<Record<string, string>>;
  /** Settles when the process has ended. */
  readonly ended: Promise<void>;
  createWarehouse(): Promise<Record<string, unknown>>;
  addFault(fault: FaultInput): Promise<void>;
  clearFaults(): Promise<void>;
  calls(): Promise<readonly Call[]>;
  clearCalls(): Promise<void>;
}

const warehouses = new URL('..', import.meta.url);

/** The kinds of warehouse that have a stand-in. */
export function standInKinds(): string[] {
  return readdirSync(warehouses).filter((kind) => existsSync(new URL(`${kind}/double.ts`, warehouses)));
}

/** @throws Error when it ends before it is ready; its own words are on standard error */
export async function startStandIn(kind: string, options: { readonly port?: number } = {}): Promise<StandInProcess> {
  return startStandInScript(new URL(`${kind}/double.ts`, warehouses), options);
}

/** For stand-ins from elsewhere: any script that calls `runStandIn`. @throws Error when it ends before it is ready */
export async function startStandInScript(
  script: URL,
  options: { readonly port?: number } = {},
): Promise<StandInProcess> {
  const child = spawn(process.execPath, [fileURLToPath(script), '--port', String(options.port ?? 0)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // Ctrl-C reaches a whole group: the engine under a stand-in must not end before it
    detached: true,
  });
  const ended = once(child, 'exit').then(() => undefined);
  const first = once(createInterface({ input: child.stdout }), 'line') as Promise<[string]>;
  const line = await Promise.race([first, ended.then(() => null)]);
  if (line === null) throw new Error(`The stand-in ${script.pathname} ended before it was ready.`);
  const ready = JSON.parse(line[0]) as StandInReady;
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const content =
      body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const reply = await fetch(`${ready.control}${path}`, { method, ...content });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text}`);
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  };
  return {
    ...ready,
    pid: child.pid ?? 0,
    environment: environmentOf(ready.options),
    ended,
    createWarehouse: () => ask('POST', '/warehouses') as Promise<Record<string, unknown>>,
    addFault: (fault) => ask('POST', '/faults', fault) as Promise<void>,
    clearFaults: () => ask('DELETE', '/faults') as Promise<void>,
    calls: () => ask('GET', '/calls') as Promise<readonly Call[]>,
    clearCalls: () => ask('DELETE', '/calls') as Promise<void>,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
