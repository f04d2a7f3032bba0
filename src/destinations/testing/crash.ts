import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { TableName } from '../destination.ts';
import type { DestinationKind, DestinationOptions } from '../registry.ts';

export interface CrashTask {
  readonly kind: DestinationKind;
  readonly options: DestinationOptions;
  readonly settings: Record<string, unknown>;
  readonly tempDir: string;
  readonly table: TableName;
  readonly files: readonly { readonly path: string; readonly name: string; readonly rows: number }[];
  readonly parts: { readonly id: string; readonly fence: number };
  /** The `step` of the log line at which the process dies by SIGKILL. */
  readonly step: string;
}

/** Loads a batch in a process that dies at the given step. Resolves to whether it died there. */
export async function crashAt(task: CrashTask): Promise<boolean> {
  const script = fileURLToPath(new URL('./crash-child.ts', import.meta.url));
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'ignore', 'inherit'] });
  child.stdin.end(JSON.stringify(task));
  const [, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  return signal === 'SIGKILL';
}
