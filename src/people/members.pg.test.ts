import { beforeEach, expect, test } from 'vitest';
import { testDatabase } from '../db/testing/test-database.ts';
import { createAccount } from '../store/accounts.ts';
import { acceptInvitation, invite, listInvitations, openInvitation, revokeInvitation } from './invitations.ts';
import { addMember, changeRole, listMembers, membershipsOf, removeMember, roleIn } from './members.ts';

const database = testDatabase();
let accountId: number;
let serial = 0;
beforeEach(async () => {
  accountId = (await createAccount(database(), { name: 'Shop' })).id;
});

async function person(): Promise<{ id: string; email: string }> {
  serial += 1;
  const one = { id: `p${serial}`, email: `p${serial}@shop.example` };
  await database().query('insert into person (id, name, email) values ($1, $2, $3)', [one.id, 'P', one.email]);
  return one;
}

const now = new Date('2026-05-01T12:00:00Z');
const later = (days: number): Date => new Date(now.getTime() + days * 86_400_000);

test('a person belongs to the accounts they were added to, and to no other', async () => {
  const { id } = await person();
  await addMember(database(), accountId, id, 'analyst');
  await addMember(database(), accountId, id, 'owner');
  const other = await createAccount(database(), { name: 'Other' });
  expect(await membershipsOf(database(), id)).toEqual([{ accountId, role: 'analyst' }]);
  expect(await roleIn(database(), other.id, id)).toBeNull();
});

test('the last owner can neither leave nor step down, not even two at once', async () => {
  const owners = [await person(), await person()];
  for (const { id } of owners) await addMember(database(), accountId, id, 'owner');
  const leaving = await Promise.allSettled(owners.map(({ id }) => removeMember(database(), accountId, id, 'owner')));
  expect(leaving.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const [left] = await listMembers(database(), accountId);
  await expect(changeRole(database(), accountId, left!.id, 'admin', 'owner')).rejects.toMatchObject({
    code: 'CONFLICT',
  });
});

test('an admin cannot touch an owner, and nobody a person of another account', async () => {
  const owner = await person();
  await addMember(database(), accountId, owner.id, 'owner');
  await expect(removeMember(database(), accountId, owner.id, 'admin')).rejects.toMatchObject({ code: 'FORBIDDEN' });
  const other = await createAccount(database(), { name: 'Other' });
  await expect(changeRole(database(), other.id, owner.id, 'analyst', 'owner')).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
});

const by = { by: 'Ada', byRole: 'owner', now } as const;

test('an invitation works once, for its own address, until it ends', async () => {
  const bob = await person();
  const { token } = await invite(database(), accountId, { email: bob.email.toUpperCase(), role: 'manager', ...by });
  expect(await openInvitation(database(), token, later(6))).toMatchObject({ accountName: 'Shop', role: 'manager' });
  await expect(openInvitation(database(), token, later(8))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(acceptInvitation(database(), token, await person(), now)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await acceptInvitation(database(), token, bob, now);
  expect(await roleIn(database(), accountId, bob.id)).toBe('manager');
  await expect(acceptInvitation(database(), token, bob, now)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(invite(database(), accountId, { email: bob.email, role: 'admin', ...by })).rejects.toMatchObject({
    code: 'CONFLICT',
  });
});

test('a new invitation ends the one before; a revoked one is over; an admin invites no owner', async () => {
  const first = await invite(database(), accountId, { email: 'new@shop.example', role: 'admin', ...by });
  const second = await invite(database(), accountId, { email: 'new@shop.example', role: 'analyst', ...by });
  await expect(openInvitation(database(), first.token, now)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(await listInvitations(database(), accountId, now)).toMatchObject([{ id: second.invitation.id }]);
  await revokeInvitation(database(), accountId, second.invitation.id, now);
  await expect(openInvitation(database(), second.token, now)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(await listInvitations(database(), accountId, now)).toEqual([]);
  const byAdmin = { email: 'x@shop.example', role: 'owner', by: 'Bo', byRole: 'admin', now } as const;
  await expect(invite(database(), accountId, byAdmin)).rejects.toMatchObject({ code: 'FORBIDDEN' });
});
