import type { Command } from 'commander';
import type { Connection } from '../contract/connection.ts';
import { endpoints } from '../contract/endpoints.ts';
import { connectionFacts, stepText } from './connection-text.ts';
import { UsageError } from './failure.ts';
import { bytes, table, type Terminal } from './output.ts';
import { addSelectionOptions, readSelection, touchesSelection, type SelectionOptions } from './selection-input.ts';
import { withSession, type Session } from './session.ts';
import { addSettingsOptions, readSettings, type SettingsOptions } from './settings-input.ts';
import { watchUntil } from './watch.ts';
import { Unsuccessful } from './unsuccessful.ts';

export function addConnectionCommands(program: Command, terminal: Terminal): void {
  const connection = program.command('connection').description("the account's one connection to a warehouse");
  addShow(connection, terminal);
  addTest(connection, terminal);
  addEstimate(connection, terminal);
  addConnect(connection, terminal);
  addEdit(connection, terminal);
  addSwitches(connection, terminal);
}

function addShow(connection: Command, terminal: Terminal): void {
  connection
    .command('show')
    .description('what is connected, and what is shared')
    .action(
      withSession(terminal, async (session) => {
        const reply = await session.client.call(endpoints.getConnection, { params: await session.account() });
        const none = 'Nothing is connected. Connect a warehouse: wharf connection connect <kind>\n';
        session.print(reply, reply.connection ? connectionFacts(reply.connection) : none);
      }),
    );
}

function addTest(connection: Command, terminal: Terminal): void {
  addSettingsOptions(
    connection
      .command('test [kind]')
      .description(
        'check the saved connection, or settings of a kind that are not saved yet; each step is printed as it ends',
      ),
  ).action(
    withSession<SettingsOptions>(terminal, async (session, options, [kind]) => {
      const params = await session.account();
      const body =
        kind === undefined
          ? { saved: true as const }
          : { kind, settings: await readSettings(session.client, kind, options) };
      let failed = 0;
      for await (const step of session.client.lines(endpoints.testConnection, { params, body })) {
        terminal.out(session.asJson ? `${JSON.stringify(step)}\n` : stepText(step));
        if (step.outcome === 'failed') failed += 1;
      }
      if (failed > 0) throw new Unsuccessful(session.asJson ? '' : 'Unable to connect.\n');
      if (!session.asJson) terminal.out('The connection works.\n');
    }),
  );
}

function addEstimate(connection: Command, terminal: Terminal): void {
  addSelectionOptions(
    connection.command('estimate').description('rows and bytes the historical sync of a selection would send'),
  ).action(
    withSession<SelectionOptions>(terminal, async (session, options) => {
      const params = await session.account();
      const body = { selection: readSelection(options) };
      const reply = await session.client.call(endpoints.estimate, { params, body });
      const columns = [
        { title: 'table', value: (row: Estimate) => row.table },
        { title: 'rows', value: (row: Estimate) => row.rows, right: true },
        { title: 'size', value: (row: Estimate) => bytes(row.bytes), right: true },
      ];
      session.print(reply, table(reply.data, columns, 'Nothing would be sent.'));
    }),
  );
}

interface Estimate {
  readonly table: string;
  readonly rows: number;
  readonly bytes: number;
}

type ConnectOptions = SettingsOptions & SelectionOptions & { name?: string; watch?: boolean };

function addConnect(connection: Command, terminal: Terminal): void {
  addSelectionOptions(
    addSettingsOptions(
      connection
        .command('connect <kind>')
        .description('connect a warehouse and start the historical sync')
        .option('--name <name>', 'what to call the connection (default: the kind)')
        .option('--watch', 'stay until the historical sync has ended'),
    ),
  ).action(
    withSession<ConnectOptions>(terminal, async (session, options, [kind = '']) => {
      const params = await session.account();
      const settings = await readSettings(session.client, kind, options);
      const name = options.name === undefined ? {} : { name: options.name };
      const body = { kind, ...name, settings, selection: readSelection(options) };
      const connected = await session.client.call(endpoints.connect, { params, body });
      session.print(connected, `Connected.\n${connectionFacts(connected)}`);
      if (options.watch) await watchUntil(session, params, (sync) => sync.kind === 'historical', hasEnded);
    }),
  );
}

const hasEnded = (sync: { readonly status: string }): boolean =>
  ['completed', 'failed', 'paused', 'disabled'].includes(sync.status);

function addEdit(connection: Command, terminal: Terminal): void {
  addSelectionOptions(
    addSettingsOptions(
      connection.command('edit').description('change settings or the selection; what is not mentioned stays'),
    ),
  ).action(
    withSession<SettingsOptions & SelectionOptions>(terminal, async (session, options) => {
      const params = await session.account();
      let present = await requireConnection(session);
      const given = await readSettings(session.client, present.kind, options);
      const editsSelection = touchesSelection(options);
      if (Object.keys(given).length === 0 && !editsSelection) {
        throw new UsageError('Nothing is to be changed.', 'Name a field with --set, or change the selection.');
      }
      if (Object.keys(given).length > 0) {
        const settings = { ...savedSettings(present), ...given };
        const body = { version: present.version, settings };
        present = await session.client.call(endpoints.editSettings, { params, body });
      }
      if (editsSelection) {
        const { objects, excludedIntegrations, metrics, history } = present.selection;
        const before = {
          objects: [...objects],
          excludedIntegrations: [...excludedIntegrations],
          metrics: metrics && [...metrics],
          history,
        };
        const body = { version: present.version, selection: readSelection(options, before) };
        present = await session.client.call(endpoints.editSelection, { params, body });
      }
      session.print(present, `Saved.\n${connectionFacts(present)}`);
    }),
  );
}

function addSwitches(connection: Command, terminal: Terminal): void {
  for (const verb of ['enable', 'disable'] as const) {
    connection
      .command(verb)
      .description(verb === 'enable' ? 'switch syncing on' : 'switch syncing off; settings are kept')
      .action(
        withSession(terminal, async (session) => {
          const endpoint = verb === 'enable' ? endpoints.enableConnection : endpoints.disableConnection;
          const changed = await session.client.call(endpoint, { params: await session.account() });
          session.print(changed, `The connection is ${verb}d.\n`);
        }),
      );
  }

  connection
    .command('remove')
    .description('stop all runs and delete the credentials; the tables in the warehouse stay')
    .option('--yes', 'do it; without this nothing is removed')
    .action(
      withSession<{ yes?: boolean }>(terminal, async (session, options) => {
        const { name, kind } = await requireConnection(session);
        if (!options.yes) {
          throw new UsageError(
            `This removes the connection "${name}" (${kind}), stops its runs and deletes its credentials.`,
            'Add --yes to do it. The tables in your warehouse stay in any case.',
          );
        }
        await session.client.call(endpoints.removeConnection, { params: await session.account() });
        session.print({ removed: true }, 'The connection is removed. The tables in your warehouse are still there.\n');
      }),
    );
}

async function requireConnection(session: Session): Promise<Connection> {
  const { connection } = await session.client.call(endpoints.getConnection, { params: await session.account() });
  if (connection) return connection;
  throw new UsageError('Nothing is connected.', 'Connect a warehouse: wharf connection connect <kind>.');
}

/** Saved fields that came back; secrets did not, and being left out they keep their values. */
function savedSettings(connection: Connection): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(connection.settings).filter(
      (entry): entry is [string, string | number] => typeof entry[1] === 'string' || typeof entry[1] === 'number',
    ),
  );
}
