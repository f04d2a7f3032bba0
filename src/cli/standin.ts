/** `wharf standin`: a warehouse to try things on, on this machine. */
import { once } from 'node:events';
import type { Command } from 'commander';
import { standInKinds, startStandIn, type StandInProcess } from '../destinations/stand-in/process.ts';
import { UsageError } from './failure.ts';
import { json, type Terminal } from './output.ts';

interface StandInOptions {
  readonly port?: string;
  readonly json?: boolean;
}

export function addStandInCommand(program: Command, terminal: Terminal): void {
  program
    .command('standin [kind]')
    .description(
      "start a stand-in of a warehouse, which speaks the vendor's protocol, until Ctrl-C; without a kind, list them",
    )
    .option('--port <port>', 'its main port; a free one without this')
    .action(async (kind: string | undefined, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<StandInOptions>();
      const kinds = standInKinds();
      if (kind === undefined) {
        terminal.out(options.json ? json({ data: kinds }) : kinds.map((each) => `${each}\n`).join(''));
        return;
      }
      if (!kinds.includes(kind)) {
        throw new UsageError(`There is no stand-in for ${kind}.`, `Choose one of: ${kinds.join(', ')}.`);
      }
      await run(kind, options, terminal);
    });
}

async function run(kind: string, options: StandInOptions, terminal: Terminal): Promise<void> {
  const interrupted = Promise.race(['SIGINT', 'SIGTERM'].map((signal) => once(process, signal)));
  await using standIn = await startStandIn(kind, { port: portOf(options) });
  const { settings, environment, notes, control } = standIn;
  terminal.out(options.json ? json({ kind, settings, environment, notes, control }) : howToConnect(kind, standIn));
  const stopped = await Promise.race([interrupted, standIn.ended]);
  if (!stopped) throw new Error(`The stand-in for ${kind} ended by itself.`);
}

function portOf({ port = '0' }: StandInOptions): number {
  const number = Number(port);
  if (Number.isInteger(number) && number >= 0 && number <= 65_535) return number;
  throw new UsageError(`${port} is not a port.`, 'Give a number from 1 to 65535, or leave --port out.');
}

function howToConnect(kind: string, { settings, environment, notes }: StandInProcess): string {
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  return [
    `A stand-in for ${kind} is up. Ctrl-C ends it, and all that was loaded into it is gone.`,
    '',
    'Start the service beside it:',
    '',
    `  ${[...variables, 'npm start'].join(' ')}`,
    '',
    'Connect:',
    '',
    `npx wharf connection connect ${kind} --settings - --watch <<'SETTINGS'`,
    JSON.stringify(settings, null, 2),
    'SETTINGS',
    '',
    'Look into it:',
    '',
    ...notes.map((note) => `  ${note}`),
    '',
  ].join('\n');
}
