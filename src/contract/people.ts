/** People of an account: members, invitations, the audit log; and the first set-up. */
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { role } from './roles.ts';
import { accountParams, id, instant, listOf, name, pageOf, pageQuery } from './values.ts';

const email = z.email('must be an e-mail address').max(200);
const password = z.string().min(10, 'must have 10 characters or more').max(128, 'may have at most 128 characters');
const token = z.string().regex(/^[\w-]{10,100}$/, 'is not a token');

export const member = z
  .object({ id, name: z.string(), email: z.string(), role, since: instant })
  .meta({ id: 'Member' });
export type Member = z.infer<typeof member>;

export const invitation = z
  .object({ id, email: z.string(), role, invitedBy: z.string(), createdAt: instant, expiresAt: instant })
  .meta({ id: 'Invitation' });
export type Invitation = z.infer<typeof invitation>;

export const auditEntry = z
  .object({
    id,
    at: instant,
    actor: z.string().describe('`person:<id>`, `key:<id>` or `operator`.'),
    actorName: z.string(),
    action: z.string().describe('Name of the operation.'),
    subject: z.string().nullable(),
    address: z.string().nullable(),
  })
  .meta({ id: 'AuditEntry' });
export type AuditEntry = z.infer<typeof auditEntry>;

const base = '/v1/accounts/{account}';
const shared = { tag: 'people', access: 'account', params: accountParams } as const;

export const peopleEndpoints = {
  getSetUp: endpoint({
    method: 'GET',
    path: '/v1/set-up',
    tag: 'people',
    access: 'public',
    summary: 'Whether nobody has signed up yet.',
    reply: z.object({ needed: z.boolean() }),
  }),
  setUp: endpoint({
    method: 'POST',
    path: '/v1/set-up',
    tag: 'people',
    access: 'public',
    summary: 'The first person and the first account. Possible once.',
    status: 204,
    body: z.strictObject({
      token: token.describe('The operator token; the link that is printed at start carries it.'),
      name,
      email,
      password,
      accountName: name,
      timeZone: z.string().max(100).default('UTC'),
    }),
  }),
  listMembers: endpoint({
    ...shared,
    method: 'GET',
    path: `${base}/members`,
    summary: 'People of the account and their roles.',
    reply: listOf(member),
  }),
  changeRole: endpoint({
    ...shared,
    method: 'PATCH',
    path: `${base}/members/{person}`,
    summary: 'Give a person another role. Only owners make or change owners.',
    status: 204,
    params: accountParams.extend({ person: id }),
    body: z.strictObject({ role }),
  }),
  removeMember: endpoint({
    ...shared,
    method: 'DELETE',
    path: `${base}/members/{person}`,
    summary: 'Take a person out of the account. The last owner stays.',
    status: 204,
    params: accountParams.extend({ person: id }),
  }),
  listInvitations: endpoint({
    ...shared,
    method: 'GET',
    path: `${base}/invitations`,
    needs: 'people',
    summary: 'Invitations that can still be accepted.',
    reply: listOf(invitation),
  }),
  invite: endpoint({
    ...shared,
    method: 'POST',
    path: `${base}/invitations`,
    summary: 'Invite a person. An earlier invitation of the same address ends.',
    status: 201,
    body: z.strictObject({ email, role }),
    reply: invitation.extend({ token: z.string().describe('Of the link `/invitation#<token>`. Shown this once.') }),
  }),
  revokeInvitation: endpoint({
    ...shared,
    method: 'DELETE',
    path: `${base}/invitations/{invitation}`,
    summary: 'Withdraw an invitation.',
    status: 204,
    params: accountParams.extend({ invitation: id }),
  }),
  createSignInLink: endpoint({
    method: 'POST',
    path: '/v1/people/sign-in-links',
    tag: 'people',
    access: 'operator',
    summary: 'A link that lets a person in without a password, once and within an hour.',
    status: 201,
    body: z.strictObject({ email }),
    reply: z.object({ token: z.string().describe('Of the link `/sign-in-link#<token>`. Shown this once.') }),
  }),
  readInvitation: endpoint({
    method: 'POST',
    path: '/v1/invitation',
    tag: 'people',
    access: 'public',
    summary: 'What an invitation is for.',
    body: z.strictObject({ token }),
    reply: z.object({
      accountName: z.string(),
      email: z.string(),
      role,
      known: z.boolean().describe('Somebody signs in with this address already, and accepts by signing in.'),
    }),
  }),
  acceptAsNew: endpoint({
    method: 'POST',
    path: '/v1/invitation/new-person',
    tag: 'people',
    access: 'public',
    summary: 'Accept an invitation and choose a password.',
    status: 204,
    body: z.strictObject({ token, name, password }),
  }),
  acceptInvitation: endpoint({
    method: 'POST',
    path: '/v1/invitation/accept',
    tag: 'people',
    access: 'caller',
    summary: 'Accept an invitation as the person who is signed in.',
    status: 204,
    body: z.strictObject({ token }),
  }),
  listAudit: endpoint({
    ...shared,
    method: 'GET',
    path: `${base}/audit`,
    needs: 'people',
    summary: 'Who did what, newest first.',
    query: z.strictObject(pageQuery),
    reply: pageOf(auditEntry),
  }),
};
