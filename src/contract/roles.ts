/** Who may do what in an account. The web app shows it, the server enforces it, a test reads it cell by cell. */
import { z } from 'zod';

export const role = z.enum(['owner', 'admin', 'manager', 'analyst']);
export type Role = z.infer<typeof role>;

/** What an endpoint of an account asks for. */
export const permissions = [
  /** Look at everything but credentials. */
  'view',
  /** Pause, resume, re-enable, sync now. */
  'operate',
  /** Connect, edit, switch off and remove the warehouse; run its checks. */
  'connect',
  /** Upload files, confirm mappings, cancel; SSH keys. */
  'import',
  /** API keys and the account's settings. */
  'configure',
  /** Invite people, change roles, read the audit log. */
  'people',
  /** Switch the advanced data platform on and off. */
  'plan',
] as const;
export type Permission = (typeof permissions)[number];

const byRole: Record<Role, readonly Permission[]> = {
  owner: permissions,
  admin: permissions.filter((permission) => permission !== 'plan'),
  manager: ['view', 'operate', 'import'],
  analyst: ['view'],
};

export function allows(role: Role, permission: Permission): boolean {
  return byRole[role].includes(permission);
}

/** Owners alone make owners, and change or remove them. */
export function mayAssign(actor: Role, before: Role | null, after: Role | null): boolean {
  if (!allows(actor, 'people')) return false;
  return actor === 'owner' || (before !== 'owner' && after !== 'owner');
}
