import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { role } from './roles.ts';
import { accountParams, id, instant, listOf, name } from './values.ts';

const plan = z.enum(['basic', 'advanced']);

export const account = z
  .object({
    id: id.describe('Public id, six characters.'),
    name: z.string(),
    timeZone: z.string().describe('IANA name.'),
    currency: z.string().describe('ISO 4217.'),
    plan: plan.describe('`basic` cannot sync to a warehouse.'),
    createdAt: instant,
    role: role.nullable().describe("The person's role; null for keys and the operator, who may do all."),
  })
  .meta({ id: 'Account' });
export type Account = z.infer<typeof account>;

const timeZone = z.string().refine(isTimeZone, 'must be an IANA time zone such as Europe/Warsaw');

export const newAccount = z.strictObject({
  name,
  timeZone: timeZone.optional(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'must be three capital letters, such as EUR')
    .optional(),
});

export const caller = z.object({
  actor: z.string().describe('`operator`, or `key:` or `person:` and an id.'),
  account: account.nullable().describe('The account the key belongs to; null for people and the operator.'),
  person: z
    .object({ id, name: z.string(), email: z.string(), language: z.string().nullable(), theme: z.string().nullable() })
    .nullable()
    .describe('Who is signed in; null for keys and the operator.'),
});

const planSwitch = {
  method: 'POST',
  tag: 'accounts',
  access: 'account',
  needs: 'plan',
  params: accountParams,
  reply: account,
} as const;

export const accountEndpoints = {
  caller: endpoint({
    method: 'GET',
    path: '/v1/caller',
    tag: 'accounts',
    access: 'caller',
    summary: 'Who asks: the account of a key, or the person who is signed in.',
    reply: caller,
  }),
  listAccounts: endpoint({
    method: 'GET',
    path: '/v1/accounts',
    tag: 'accounts',
    access: 'caller',
    summary:
      'The accounts the caller may enter: all for the operator, its own for a key, those they belong to for people.',
    reply: listOf(account),
  }),
  createAccount: endpoint({
    method: 'POST',
    path: '/v1/accounts',
    tag: 'accounts',
    access: 'operator',
    summary: 'Create an account.',
    status: 201,
    body: newAccount,
    reply: account,
  }),
  getAccount: endpoint({
    method: 'GET',
    path: '/v1/accounts/{account}',
    tag: 'accounts',
    access: 'account',
    summary: 'One account.',
    params: accountParams,
    reply: account,
  }),
  editAccount: endpoint({
    method: 'PATCH',
    path: '/v1/accounts/{account}',
    tag: 'accounts',
    access: 'operator',
    summary: 'Change the plan of an account.',
    params: accountParams,
    body: z.strictObject({ plan }),
    reply: account,
  }),
  enableAdvancedPlan: endpoint({
    ...planSwitch,
    path: '/v1/accounts/{account}/advanced-plan/enable',
    summary: 'Switch the advanced data platform on. For owners.',
  }),
  disableAdvancedPlan: endpoint({
    ...planSwitch,
    path: '/v1/accounts/{account}/advanced-plan/disable',
    summary: 'Switch the advanced data platform off. For owners; refused while a warehouse is connected.',
  }),
  editAccountSettings: endpoint({
    method: 'PATCH',
    path: '/v1/accounts/{account}/settings',
    tag: 'accounts',
    access: 'account',
    summary: 'Change the name and the time zone of an account.',
    params: accountParams,
    body: z.strictObject({ name, timeZone }),
    reply: account,
  }),
};

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
