import { Command, CommanderError } from 'commander';
import { addAccountCommands } from './accounts.ts';
import { addConnectionCommands } from './connection.ts';
import { addDestinationCommands } from './destinations.ts';
import { endingOf, exitCodes, failureText } from './failure.ts';
import { addHistoryCommands } from './history.ts';
import { addImportCommands } from './imports.ts';
import { addKeyCommands } from './keys.ts';
import type { Terminal } from './output.ts';
import { addSecretsCommands } from './secrets.ts';
import { addGlobalOptions } from './session.ts';
import { addPeopleCommands } from './people.ts';
import { addSftpCommands } from './sftp.ts';
import { addSshKeyCommands } from './ssh-keys.ts';
import { addStandInCommand } from './standin.ts';
import { addSyncCommands } from './syncs.ts';
import { Unsuccessful } from './unsuccessful.ts';

/** The whole command line; nothing runs until it is parsed. */
export function createProgram(terminal: Terminal): Command {
  const program = new Command('wharf');
  program
    .description('Operate Wharf: accounts, keys, the connection to a warehouse and its syncs')
    .configureOutput({ writeOut: (text) => terminal.out(text), writeErr: (text) => terminal.err(text) })
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .showHelpAfterError('(--help shows what is possible)')
    .exitOverride();
  addGlobalOptions(program);
  addAccountCommands(program, terminal);
  addPeopleCommands(program, terminal);
  addKeyCommands(program, terminal);
  addSshKeyCommands(program, terminal);
  addSftpCommands(program, terminal);
  addDestinationCommands(program, terminal);
  addConnectionCommands(program, terminal);
  addSyncCommands(program, terminal);
  addHistoryCommands(program, terminal);
  addImportCommands(program, terminal);
  addSecretsCommands(program, terminal);
  addStandInCommand(program, terminal);
  return program;
}

/** Runs one command line and returns its exit code. Never throws. */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    await createProgram(terminal).parseAsync(args, { from: 'user' });
    return exitCodes.ok.code;
  } catch (thrown) {
    if (thrown instanceof Unsuccessful) {
      terminal.err(thrown.message);
      return exitCodes.unsuccessful.code;
    }
    // the parser has already said what is wrong
    if (!(thrown instanceof CommanderError)) terminal.err(failureText(thrown, args.includes('--json')));
    return exitCodes[endingOf(thrown)].code;
  }
}
