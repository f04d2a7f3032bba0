import type { Account as AccountReply, accountEndpoints } from '../../contract/accounts.ts';
import type { Role } from '../../contract/roles.ts';
import { AppError } from '../../kernel/app-error.ts';
import { membershipsOf } from '../../people/members.ts';
import {
  createAccount,
  editAccount,
  findAccount,
  getAccount,
  listAccounts,
  setAccountPlan,
  type Account,
} from '../../store/accounts.ts';
import type { Caller, Identity } from '../auth.ts';
import { noSuch } from './no-such.ts';
import { iso, type Handlers, type RestDeps } from './route.ts';

export function accountRoutes({ db, exports }: Pick<RestDeps, 'db' | 'exports'>): Handlers<typeof accountEndpoints> {
  async function own(accountId: number, role: Role | null = null): Promise<AccountReply> {
    const account = await getAccount(db, accountId);
    if (!account) throw noSuch('account');
    return reply(account, role);
  }

  async function accountsOf(caller: Identity): Promise<AccountReply[]> {
    if (caller.kind === 'key') return [await own(caller.accountId)];
    if (caller.kind === 'operator') return (await listAccounts(db)).map((account) => reply(account, null));
    const memberships = await membershipsOf(db, caller.person.id);
    return Promise.all(memberships.map(({ accountId, role }) => own(accountId, role)));
  }

  return {
    caller: async ({ caller }) => ({
      actor: caller.actor,
      account: caller.kind === 'key' ? await own(caller.accountId) : null,
      person: caller.kind === 'person' ? caller.person : null,
    }),

    listAccounts: async ({ caller }) => ({ data: await accountsOf(caller) }),

    createAccount: async ({ body: { name, timeZone, currency } }) =>
      reply(
        await createAccount(db, { name, ...(timeZone ? { timeZone } : {}), ...(currency ? { currency } : {}) }),
        null,
      ),

    getAccount: ({ caller }) => own(caller.accountId, caller.role),

    editAccount: async ({ params, body: { plan } }) => {
      const account = await findAccount(db, params.account);
      if (!account) throw noSuch('account');
      return reply(await setAccountPlan(db, account.id, plan), null);
    },

    enableAdvancedPlan: async ({ caller }) => {
      refuseKeys(caller);
      return reply(await setAccountPlan(db, caller.accountId, 'advanced'), caller.role);
    },

    disableAdvancedPlan: async ({ caller }) => {
      refuseKeys(caller);
      if (await exports.connections.get(caller.accountId)) throw stillConnected();
      return reply(await setAccountPlan(db, caller.accountId, 'basic'), caller.role);
    },

    editAccountSettings: async ({ caller, body }) => reply(await editAccount(db, caller.accountId, body), caller.role),
  };
}

/** What an account may use is for people to decide, not for programs. */
function refuseKeys({ actor }: Caller): void {
  if (!actor.startsWith('key:')) return;
  throw new AppError('FORBIDDEN', {
    summary: 'An API key cannot do this.',
    advice: 'Ask an owner of the account, or the operator of this installation.',
  });
}

function stillConnected(): AppError {
  return new AppError('CONFLICT', {
    summary: 'A warehouse is connected, which needs the advanced data platform.',
    advice: 'Remove the integration first; the tables in the warehouse stay.',
  });
}

function reply(account: Account, role: Role | null): AccountReply {
  const { publicId, name, timeZone, currency, plan, createdAt } = account;
  return { id: publicId, name, timeZone, currency, plan, createdAt: iso(createdAt), role };
}
