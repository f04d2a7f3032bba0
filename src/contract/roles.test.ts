import { expect, test } from 'vitest';
import { allows, mayAssign, permissions, role, type Role } from './roles.ts';

const table: Record<Role, string> = {
  //        view operate connect import configure people plan
  owner: '    yes  yes     yes     yes    yes       yes    yes',
  admin: '    yes  yes     yes     yes    yes       yes    no',
  manager: '  yes  yes     no      yes    no        no     no',
  analyst: '  yes  no      no      no     no        no     no',
};

test.each(role.options)('%s may do what the table says, cell by cell', (one) => {
  const cells = permissions.map((permission) => (allows(one, permission) ? 'yes' : 'no'));
  expect(cells).toEqual(table[one].trim().split(/\s+/));
});

test('owners alone make, change and remove owners; others without the right change nobody', () => {
  expect(mayAssign('owner', 'owner', 'admin')).toBe(true);
  expect(mayAssign('owner', null, 'owner')).toBe(true);
  expect(mayAssign('admin', 'manager', 'admin')).toBe(true);
  expect(mayAssign('admin', 'admin', 'owner')).toBe(false);
  expect(mayAssign('admin', 'owner', null)).toBe(false);
  expect(mayAssign('manager', 'analyst', 'manager')).toBe(false);
});
