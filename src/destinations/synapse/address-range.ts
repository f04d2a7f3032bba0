/** First and last IPv4 address of each CIDR (or single address), since firewall rules of Azure take ranges. Others are left out. */
export function addressRanges(cidrs: readonly string[]): readonly (readonly [from: string, to: string])[] {
  return cidrs.flatMap((cidr) => {
    const [address = '', bits = '32'] = cidr.split('/');
    const octets = address.split('.').map(Number);
    const length = Number(bits);
    if (
      octets.length !== 4 ||
      octets.some((octet) => !(octet >= 0 && octet <= 255)) ||
      !(length >= 0 && length <= 32)
    ) {
      return [];
    }
    const size = 2 ** (32 - length);
    const value = octets.reduce((sum, octet) => sum * 256 + octet, 0);
    const first = Math.floor(value / size) * size;
    return [[dotted(first), dotted(first + size - 1)] as const];
  });
}

function dotted(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}
