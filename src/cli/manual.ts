/** docs/cli.md, made from the commands themselves so that it cannot drift. */
import type { Command } from 'commander';
import { exitCodes } from './failure.ts';
import { createProgram } from './program.ts';

const intro = `# The command line

\`wharf\` does over the REST API what an operator needs: accounts, keys, the connection to a warehouse, its syncs and what
became of them. In a checkout run it as \`npx wharf\`, or \`npm run -s wharf --\`.

It signs in with \`--token\`, else with \`WHARF_TOKEN\`, else with the operator token in the data folder (\`./wharf-data\`), so
beside the service it needs no settings at all. Prefer \`WHARF_TOKEN\` to \`--token\`, and \`--set-file\` to \`--set\` for secrets:
other users of a machine can see command lines.

    npx wharf accounts create "My shop"
    npx wharf setup s3 --set bucket=my-bucket > set-up.sh
    npx wharf connection test duckdb --set path=/data/shop.duckdb
    npx wharf connection connect duckdb --set path=/data/shop.duckdb --watch
    npx wharf sync list
    npx wharf sync now events/periodic --watch
    npx wharf errors list --active

A sync is named by its id, or by object and kind: \`profiles/historical\`, \`events/periodic\`. Times are UTC.

With \`--json\` every command writes its result to standard output as one JSON document, the reply of the REST API
(docs/openapi.json); \`connection test\` and \`--watch\` write one JSON document per line. Errors go to standard error in
either form: what happened, why, what to do.
`;

export function cliManual(): string {
  const silent = { out: () => undefined, err: () => undefined, interactive: false };
  const program = createProgram(silent);
  const codes = Object.values(exitCodes).map(({ code, meaning }) => `| ${code} | ${meaning} |`);
  return [
    intro,
    ['## Exit codes', '', '| code | meaning |', '| --- | --- |', ...codes, ''].join('\n'),
    ['## Options of every command', '', ...optionLines(program), ''].join('\n'),
    ['## Commands', '', ...leaves(program).flatMap((command) => commandLines(command, program))].join('\n'),
  ].join('\n');
}

function leaves(command: Command): Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);
}

function commandLines(command: Command, program: Command): string[] {
  const words = [];
  for (let at: Command | null = command; at && at !== program; at = at.parent) words.unshift(at.name());
  const name = ['wharf', ...words, ...command.registeredArguments.map(argumentText)].join(' ');
  const description = command.description();
  const sentence = `${description.charAt(0).toUpperCase()}${description.slice(1)}.`;
  const options = optionLines(command);
  return [`### \`${name}\``, '', sentence, '', ...options, ...(options.length > 0 ? [''] : [])];
}

function argumentText(argument: Command['registeredArguments'][number]): string {
  return argument.required ? `<${argument.name()}>` : `[${argument.name()}]`;
}

function optionLines(command: Command): string[] {
  return command.options.map((option) => {
    const env = option.envVar === undefined ? '' : ` (\`${option.envVar}\`)`;
    const shown = typeof option.defaultValue === 'string' ? `; default \`${option.defaultValue}\`` : '';
    return `* \`${option.flags}\`${env}: ${option.description}${shown}`;
  });
}
