import type { Account as AccountReply, accountEndpoints } from '../../contract/accounts.ts';
import {
  createAccount,
  findAccount,
  getAccount,
  listAccounts,
  setAccountPlan,
  type Account,
} from '../../store/accounts.ts';
import { noSuch } from './no-such.ts';
import { iso, type Handlers, type RestDeps } from './route.ts';

export function accountRoutes({ db }: Pick<RestDeps, 'db'>): Handlers<typeof accountEndpoints> {
  async function own(accountId: number): Promise<AccountReply> {
    const account = await getAccount(db, accountId);
    if (!account) throw noSuch('account');
    return reply(account);
  }

  return {
    caller: async ({ caller }) => ({
      actor: caller.actor,
      account: caller.accountId === null ? null : await own(caller.accountId),
    }),

    listAccounts: async ({ caller }) => ({
      data: caller.accountId === null ? (await listAccounts(db)).map(reply) : [await own(caller.accountId)],
    }),

    createAccount: async ({ body: { name, timeZone, currency } }) =>
      reply(await createAccount(db, { name, ...(timeZone ? { timeZone } : {}), ...(currency ? { currency } : {}) })),

    getAccount: ({ caller }) => own(caller.accountId),

    editAccount: async ({ params, body: { plan } }) => {
      const account = await findAccount(db, params.account);
      if (!account) throw noSuch('account');
      return reply(await setAccountPlan(db, account.id, plan));
    },
  };
}

function reply(account: Account): AccountReply {
  const { publicId, name, timeZone, currency, plan, createdAt } = account;
  return { id: publicId, name, timeZone, currency, plan, createdAt: iso(createdAt) };
}
