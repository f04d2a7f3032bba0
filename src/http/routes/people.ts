import { timingSafeEqual } from 'node:crypto';
import type { peopleEndpoints } from '../../contract/people.ts';
import { AppError } from '../../kernel/app-error.ts';
import { listAuditEntries } from '../../people/audit.ts';
import {
  acceptInvitation,
  invite,
  listInvitations,
  openInvitation,
  revokeInvitation,
  type Invitation,
} from '../../people/invitations.ts';
import { addMember, changeRole, listMembers, removeMember } from '../../people/members.ts';
import { createAccount } from '../../store/accounts.ts';
import { digest } from '../auth.ts';
import { iso, type Handlers, type RestDeps } from './route.ts';

type Deps = Pick<RestDeps, 'db' | 'clock' | 'signIn' | 'operatorToken'>;

export function peopleRoutes({ db, clock, signIn, operatorToken }: Deps): Handlers<typeof peopleEndpoints> {
  return {
    getSetUp: async () => ({ needed: !(await signIn.isKnown()) }),

    setUp: async ({ body }) => {
      if (!timingSafeEqual(digest(body.token), digest(operatorToken))) throw wrongLink();
      if (await signIn.isKnown()) throw alreadySetUp();
      const account = await createAccount(db, { name: body.accountName, timeZone: body.timeZone });
      const person = await signIn.createPerson(body);
      await addMember(db, account.id, person.id, 'owner');
    },

    listMembers: async ({ caller }) => ({
      data: (await listMembers(db, caller.accountId)).map((one) => ({ ...one, since: iso(one.since) })),
    }),

    changeRole: async ({ caller, params, body }) => {
      await changeRole(db, caller.accountId, params.person, body.role, caller.role ?? 'owner');
    },

    removeMember: async ({ caller, params }) => {
      await removeMember(db, caller.accountId, params.person, caller.role ?? 'owner');
    },

    listInvitations: async ({ caller }) => ({
      data: (await listInvitations(db, caller.accountId, clock.now())).map(described),
    }),

    invite: async ({ caller, body }) => {
      const by = { by: caller.actorName, byRole: caller.role ?? 'owner', now: clock.now() } as const;
      const { invitation, token } = await invite(db, caller.accountId, { ...body, ...by });
      return { ...described(invitation), token };
    },

    revokeInvitation: async ({ caller, params }) => {
      await revokeInvitation(db, caller.accountId, params.invitation, clock.now());
    },

    createSignInLink: async ({ body }) => ({ token: await signIn.createLink(body.email) }),

    readInvitation: async ({ body }) => {
      const { accountName, email, role } = await openInvitation(db, body.token, clock.now());
      return { accountName, email, role, known: await signIn.isKnown(email) };
    },

    acceptAsNew: async ({ body }) => {
      const { email } = await openInvitation(db, body.token, clock.now());
      const person = await signIn.createPerson({ name: body.name, email, password: body.password });
      await acceptInvitation(db, body.token, person, clock.now());
    },

    acceptInvitation: async ({ caller, body }) => {
      if (caller.kind !== 'person') throw new AppError('FORBIDDEN', { summary: 'Only a person can accept.' });
      await acceptInvitation(db, body.token, caller.person, clock.now());
    },

    listAudit: async ({ caller, query }) => {
      const entries = await listAuditEntries(db, caller.accountId, {
        limit: query.size + 1,
        before: query.cursor ?? null,
      });
      const data = entries.slice(0, query.size).map((entry) => ({ ...entry, at: iso(entry.at) }));
      return { data, next: entries.length > query.size ? (data.at(-1)?.id ?? null) : null };
    },
  };
}

function described({ createdAt, expiresAt, ...rest }: Invitation) {
  return { ...rest, createdAt: iso(createdAt), expiresAt: iso(expiresAt) };
}

function wrongLink(): AppError {
  return new AppError('FORBIDDEN', {
    summary: 'This is not the set-up link of this installation.',
    advice: 'Open the link that Wharf printed when it started; its last part is the operator token.',
  });
}

function alreadySetUp(): AppError {
  return new AppError('CONFLICT', {
    summary: 'This installation is set up already.',
    advice: 'Sign in, or ask an owner for an invitation.',
  });
}
