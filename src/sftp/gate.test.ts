import { expect, test } from 'vitest';
import { Gate, plainIp } from './gate.ts';

const limits = { total: 5, perAddress: 2, strangers: 3 };

test('an address gets its share, and gets it again when a connection ends', () => {
  const gate = new Gate(limits);
  const first = gate.admit('192.0.2.1');
  expect(gate.admit('::ffff:192.0.2.1')).not.toBeNull();
  expect(gate.admit('192.0.2.1')).toBeNull();
  expect(gate.admit('192.0.2.2')).not.toBeNull();
  first?.leave();
  first?.leave();
  expect(gate.admit('192.0.2.1')).not.toBeNull();
  expect(gate.admit('192.0.2.1')).toBeNull();
});

test('a network of IPv6 counts as one address', () => {
  const gate = new Gate(limits);
  expect(gate.admit('2001:db8:1:2::1')).not.toBeNull();
  expect(gate.admit('2001:db8:1:2:ffff:0:0:9')).not.toBeNull();
  expect(gate.admit('2001:db8:1:2:3::')).toBeNull();
  expect(gate.admit('2001:db8:1:3::1')).not.toBeNull();
});

test('strangers are few; who has logged in makes room for the next', () => {
  const gate = new Gate(limits);
  const tickets = ['a', 'b', 'c'].map((ip) => gate.admit(ip));
  expect(gate.admit('d')).toBeNull();
  for (const ticket of tickets) ticket?.loggedIn();
  tickets[0]?.loggedIn();
  expect(gate.admit('d')).not.toBeNull();
  expect(gate.admit('e')).not.toBeNull();
  expect(gate.admit('f')).toBeNull();
  tickets[0]?.leave();
  expect(gate.admit('f')).not.toBeNull();
});

test('mapped addresses are shown as what they are', () => {
  expect(plainIp('::ffff:192.0.2.1')).toBe('192.0.2.1');
  expect(plainIp('2001:db8::1')).toBe('2001:db8::1');
});
