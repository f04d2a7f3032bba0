import type { Command } from 'commander';
import type { Account } from '../contract/accounts.ts';
import { endpoints } from '../contract/endpoints.ts';
import { UsageError } from './failure.ts';
import { facts, plain, table, time, type Terminal } from './output.ts';
import { withSession } from './session.ts';

export function addAccountCommands(program: Command, terminal: Terminal): void {
  const accounts = program.command('accounts').description('accounts of this installation');

  accounts
    .command('list')
    .description('the accounts the key may enter')
    .action(
      withSession(terminal, async (session) => {
        const reply = await session.client.call(endpoints.listAccounts, {});
        session.print(reply, accountTable(reply.data));
      }),
    );

  accounts
    .command('create <name>')
    .description('create an account (operator only)')
    .option('--time-zone <zone>', 'IANA name, such as Europe/Warsaw (default: UTC)')
    .option('--currency <code>', 'ISO 4217, such as EUR (default: USD)')
    .action(
      withSession<{ timeZone?: string; currency?: string }>(terminal, async (session, options, [name = '']) => {
        const account = await session.client.call(endpoints.createAccount, { body: { name, ...options } });
        session.print(account, accountFacts(account));
      }),
    );

  accounts
    .command('set-plan <account> <plan>')
    .description('change the plan of an account to basic or advanced (operator only); basic cannot connect a warehouse')
    .action(
      withSession(terminal, async (session, _options, [id = '', wished = '']) => {
        const plan = plans.find((one) => one === wished);
        if (!plan) throw new UsageError(`There is no plan ${plain(wished)}.`, `Choose one of: ${plans.join(', ')}.`);
        const account = await session.client.call(endpoints.editAccount, { params: { account: id }, body: { plan } });
        session.print(account, accountFacts(account));
      }),
    );
}

const plans = ['basic', 'advanced'] as const;

function accountTable(accounts: readonly Account[]): string {
  const columns = [
    { title: 'id', value: (account: Account) => account.id },
    { title: 'name', value: (account: Account) => account.name },
    { title: 'time zone', value: (account: Account) => account.timeZone },
    { title: 'currency', value: (account: Account) => account.currency },
    { title: 'plan', value: (account: Account) => account.plan },
    { title: 'created (UTC)', value: (account: Account) => time(account.createdAt) },
  ];
  return table(accounts, columns, 'There is no account yet. Create one: wharf accounts create <name>');
}

function accountFacts(account: Account): string {
  return facts([
    ['Id', account.id],
    ['Name', account.name],
    ['Time zone', account.timeZone],
    ['Currency', account.currency],
    ['Plan', account.plan],
  ]);
}
