import { expect, test } from 'vitest';
import { isPublic, reachable, Unreachable, type Lookup } from './reachable.ts';

const noNames: Lookup = async () => [];

test.each([
  '8.8.8.8',
  '1.1.1.1',
  '172.15.255.255',
  '172.32.0.0',
  '192.167.255.255',
  '100.63.255.255',
  '100.128.0.0',
  '223.255.255.255',
  '2606:4700:4700::1111',
  '2a00:1450:4001:81b::200e',
])('%s is public', (address) => expect(isPublic(address)).toBe(true));

test.each([
  ['0.0.0.0', 'this host'],
  ['10.1.2.3', 'private'],
  ['100.64.0.1', 'carrier NAT'],
  ['127.0.0.1', 'loopback'],
  ['127.255.255.254', 'loopback'],
  ['169.254.169.254', 'metadata of clouds'],
  ['172.16.0.1', 'private'],
  ['172.31.255.255', 'private'],
  ['192.0.0.192', 'metadata of one cloud'],
  ['192.0.2.1', 'documentation'],
  ['192.168.1.1', 'private'],
  ['198.18.0.1', 'benchmarks'],
  ['203.0.113.9', 'documentation'],
  ['224.0.0.1', 'multicast'],
  ['255.255.255.255', 'broadcast'],
  ['100.100.100.200', 'metadata of one cloud'],
  ['::', 'unspecified'],
  ['::1', 'loopback'],
  ['::ffff:127.0.0.1', 'mapped loopback'],
  ['::ffff:8.8.8.8', 'mapped'],
  ['64:ff9b::7f00:1', 'translated loopback'],
  ['64:ff9b:1::a00:1', 'translated, local'],
  ['fe80::1', 'link-local'],
  ['fc00::1', 'unique local'],
  ['fd00:ec2::254', 'metadata of clouds'],
  ['ff02::1', 'multicast'],
  ['2001:db8::1', 'documentation'],
  ['2001::1', 'Teredo'],
  ['2002:7f00:1::', '6to4 of loopback'],
  ['fe80::1%eth0', 'with a zone'],
  ['not an address', 'nonsense'],
])('%s is not (%s)', (address) => expect(isPublic(address)).toBe(false));

/** Every way of writing an address that URLs know. */
test.each([
  'http://127.0.0.1/',
  'http://2130706433/',
  'http://0x7f000001/',
  'http://0177.0.0.1/',
  'http://127.1/',
  'http://0/',
  'http://[::1]/',
  'http://[::ffff:169.254.169.254]/',
  'http://[::ffff:a9fe:a9fe]/',
  'http://１２７.０.０.１/',
  'https://169.254.169.254/latest/meta-data/',
])('%s is refused', async (text) => {
  const going = reachable(new URL(text), { privateAddresses: false, lookup: noNames });
  await expect(going).rejects.toMatchObject({ name: 'Unreachable', final: true });
});

test('one private address among those of a name is enough to refuse it', async () => {
  const lookup: Lookup = async () => [
    { address: '8.8.8.8', family: 4 },
    { address: '10.0.0.1', family: 4 },
  ];
  const url = new URL('https://hooks.example.com/');
  await expect(reachable(url, { privateAddresses: false, lookup })).rejects.toThrow(Unreachable);
  await expect(reachable(url, { privateAddresses: true, lookup })).resolves.toHaveLength(2);
});

test('a name that does not resolve may do so later', async () => {
  const fails: Lookup = () => Promise.reject(new Error('ENOTFOUND'));
  for (const lookup of [noNames, fails]) {
    const going = reachable(new URL('https://nobody.example/'), { privateAddresses: false, lookup });
    await expect(going).rejects.toMatchObject({ final: false });
  }
});
