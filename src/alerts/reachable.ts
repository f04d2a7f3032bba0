/** Where webhooks may go. What people type must not make Wharf speak to its own network: it resolves, checks, then keeps to that. */
import type { LookupAddress } from 'node:dns';
import { lookup as systemLookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';

export type Lookup = (host: string) => Promise<readonly LookupAddress[]>;

export const lookup: Lookup = (host) => systemLookup(host, { all: true, verbatim: true });

/** IANA's special-purpose IPv4 networks: none of them is somebody's public server. */
const special4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const;

/** What is special within 2000::/3; all IPv6 outside of it is special, mapped and translated IPv4 included. */
const special6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  // 6to4: holds an IPv4 address
  ['2002::', 16],
  ['3fff::', 20],
] as const;

const notPublic = new BlockList();
for (const [network, bits] of special4) notPublic.addSubnet(network, bits, 'ipv4');
for (const [network, bits] of special6) notPublic.addSubnet(network, bits, 'ipv6');
const global6 = new BlockList();
global6.addSubnet('2000::', 3, 'ipv6');

/** Whether an IP address is one of the public internet. */
export function isPublic(address: string): boolean {
  const version = isIP(address);
  if (version === 4) return !notPublic.check(address, 'ipv4');
  return version === 6 && global6.check(address, 'ipv6') && !notPublic.check(address, 'ipv6');
}

/** Why nothing is sent there, as a clause after a name; `final` when only a person can change it. */
export class Unreachable extends Error {
  readonly final: boolean;

  constructor(message: string, final: boolean) {
    super(message);
    this.name = 'Unreachable';
    this.final = final;
  }
}

/** Resolves the URL's host. @throws Unreachable unless every address of it is public, or private ones are allowed */
export async function reachable(
  url: URL,
  options: { readonly privateAddresses: boolean; readonly lookup: Lookup },
): Promise<readonly LookupAddress[]> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const version = isIP(host);
  const found = version > 0 ? [{ address: host, family: version }] : await resolved(host, options.lookup);
  if (!options.privateAddresses && !found.every(({ address }) => isPublic(address))) {
    throw new Unreachable(
      'The host is not on the public internet; this installation sends webhooks to public addresses only.',
      true,
    );
  }
  return found;
}

async function resolved(host: string, lookup: Lookup): Promise<readonly LookupAddress[]> {
  const found = await lookup(host).catch(() => []);
  if (found.length > 0) return found;
  throw new Unreachable('The host name does not resolve to an address.', false);
}
