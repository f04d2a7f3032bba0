/** Who is signed in, and the account that is looked at. */
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { Account } from '#contract/accounts.ts';
import { endpoints } from '#contract/endpoints.ts';
import { allows, type Permission } from '#contract/roles.ts';
import { ask } from '../api/api.ts';

export const callerQuery = ask(endpoints.caller, {});
export const accountsQuery = ask(endpoints.listAccounts, {});

/** Inside the shell somebody is signed in. */
export function usePerson() {
  return useSuspenseQuery(callerQuery).data.person;
}

/** Path parameters of the account's endpoints. */
export function useAccountParams(): { readonly account: string } {
  const { account } = useParams({ strict: false });
  return { account: account ?? '' };
}

export function useAccount(): Account | undefined {
  const { account } = useAccountParams();
  return useQuery(accountsQuery).data?.data.find(({ id }) => id === account);
}

/** What the role does not allow is not offered; the server refuses it in any case. */
export function useMay(permission: Permission): boolean {
  const role = useAccount()?.role;
  return role ? allows(role, permission) : false;
}
