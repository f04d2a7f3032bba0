import type { Command } from 'commander';
import type { DestinationKind } from '../contract/destinations.ts';
import { endpoints } from '../contract/endpoints.ts';
import { plain, table, type Terminal } from './output.ts';
import { withSession } from './session.ts';
import { addSettingsOptions, findKind, readSettings, type SettingsOptions } from './settings-input.ts';

export function addDestinationCommands(program: Command, terminal: Terminal): void {
  const destinations = program.command('destinations').description('the kinds of warehouse');

  destinations
    .command('list')
    .description('all kinds')
    .action(
      withSession(terminal, async (session) => {
        const reply = await session.client.call(endpoints.listDestinations, {});
        session.print(reply, kindTable(reply.data));
      }),
    );

  destinations
    .command('show <kind>')
    .description('the fields of one kind')
    .action(
      withSession(terminal, async (session, _options, [name = '']) => {
        const kind = await findKind(session.client, name);
        session.print(kind, fieldTable(kind));
      }),
    );

  addSettingsOptions(
    program
      .command('setup <kind>')
      .description('the script an administrator runs in the warehouse; fields not given stay placeholders'),
  ).action(
    withSession<SettingsOptions>(terminal, async (session, options, [kind = '']) => {
      const settings = await readSettings(session.client, kind, options);
      const script = await session.client.call(endpoints.setupScript, { params: { kind }, body: { settings } });
      // the script alone goes to standard output, so that it can be piped
      if (!session.asJson) terminal.err(script.instructions.map((line) => `${plain(line)}\n`).join(''));
      session.print(script, `${script.text.trimEnd()}\n`);
    }),
  );
}

function kindTable(kinds: readonly DestinationKind[]): string {
  const columns = [
    { title: 'kind', value: (kind: DestinationKind) => kind.kind },
    { title: 'name', value: (kind: DestinationKind) => kind.label },
    { title: 'required fields', value: (kind: DestinationKind) => requiredFields(kind) },
  ];
  return table(kinds, columns, 'This installation has no destinations.');
}

function requiredFields(kind: DestinationKind): string {
  return kind.fields
    .filter((field) => field.required)
    .map((field) => field.name)
    .join(', ');
}

type Field = DestinationKind['fields'][number];

function fieldTable(kind: DestinationKind): string {
  const columns = [
    { title: 'field', value: (field: Field) => field.name },
    { title: 'needed', value: (field: Field) => (field.required ? 'yes' : 'no') },
    { title: 'secret', value: (field: Field) => (field.secret ? 'yes' : 'no') },
    { title: 'default', value: (field: Field) => String(field.default ?? '') },
    { title: 'what it is', value: (field: Field) => meaningOf(field) },
  ];
  return table(kind.fields, columns, 'It has no fields.');
}

function meaningOf(field: Field): string {
  const choices = field.choices ? ` One of: ${field.choices.join(', ')}.` : '';
  return `${field.label}. ${field.help}${choices}`;
}
