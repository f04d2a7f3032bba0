/** `--watch`: follows syncs live, with progress bars where a person is looking. */
import type { Sync } from '../contract/syncs.ts';
import { endpoints } from '../contract/endpoints.ts';
import { progressBar, type Terminal } from './output.ts';
import type { Session } from './session.ts';
import { Unsuccessful } from './unsuccessful.ts';

type Params = { readonly account: string };

/**
 * Shows the chosen syncs until each of them has ended. Ctrl-C stops the watching, never the sync.
 * @throws Unsuccessful when one of them failed
 */
export async function watchUntil(
  session: Session,
  params: Params,
  chosen: (sync: Sync) => boolean,
  ended: (sync: Sync) => boolean,
): Promise<void> {
  const stop = new AbortController();
  const screen = session.asJson ? null : new Screen(session.terminal);
  let last: Sync[] = [];
  for await (const { data } of session.client.lines(endpoints.watchSyncs, { params, signal: stop.signal })) {
    last = data.filter(chosen);
    if (screen) screen.show(last.map(syncLine));
    else session.terminal.out(`${JSON.stringify({ data: last })}\n`);
    if (last.every(ended)) break;
  }
  stop.abort();
  const failed = last.filter((sync) => sync.status === 'failed');
  if (failed.length > 0) {
    throw new Unsuccessful(session.asJson ? '' : 'The sync failed. See: wharf errors list --active\n');
  }
}

export function syncName(sync: Pick<Sync, 'object' | 'kind'>): string {
  return `${sync.object}/${sync.kind}`;
}

export const statusWords: Readonly<Record<Sync['status'], string>> = {
  completed: 'Completed',
  scheduled: 'Scheduled',
  in_progress: 'In progress',
  error: 'Error, retries by itself',
  failed: 'Failed',
  paused: 'Paused',
  disabled: 'Disabled',
};

function syncLine(sync: Sync): string {
  const percent = sync.status === 'completed' ? 100 : sync.progress;
  const bar = percent === null ? ''.padEnd(38) : progressBar(percent);
  return `${syncName(sync).padEnd(20)} ${bar} ${statusWords[sync.status]}`.trimEnd();
}

/** On a terminal the lines are redrawn in place; elsewhere each change is a line of its own. */
class Screen {
  readonly #terminal: Terminal;
  #shown: readonly string[] = [];

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  show(lines: readonly string[]): void {
    if (this.#terminal.interactive) {
      const up = this.#shown.length > 0 ? `\u001b[${this.#shown.length}A` : '';
      this.#terminal.out(up + lines.map((line) => `\u001b[2K${line}\n`).join(''));
    } else {
      this.#terminal.out(
        lines
          .filter((line) => !this.#shown.includes(line))
          .map((line) => `${line}\n`)
          .join(''),
      );
    }
    this.#shown = lines;
  }
}
