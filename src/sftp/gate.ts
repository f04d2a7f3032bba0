/** How many may be connected, from one address and together; and how many of them without having logged in. */

export interface GateLimits {
  readonly total: number;
  /** From one IPv4 address, or one /64 network of IPv6. */
  readonly perAddress: number;
  /** Not logged in yet. */
  readonly strangers: number;
}

/** One admitted connection. Both calls are idempotent. */
export interface Ticket {
  loggedIn(): void;
  leave(): void;
}

export class Gate {
  readonly #limits: GateLimits;
  readonly #byAddress = new Map<string, number>();
  #total = 0;
  #strangers = 0;

  constructor(limits: GateLimits) {
    this.#limits = limits;
  }

  /** null: there is no room. */
  admit(ip: string): Ticket | null {
    const address = addressOf(ip);
    const fromThere = this.#byAddress.get(address) ?? 0;
    const { total, perAddress, strangers } = this.#limits;
    if (this.#total >= total || this.#strangers >= strangers || fromThere >= perAddress) return null;
    this.#total += 1;
    this.#strangers += 1;
    this.#byAddress.set(address, fromThere + 1);
    let isStranger = true;
    let isInside = true;
    const loggedIn = (): void => {
      if (isStranger) this.#strangers -= 1;
      isStranger = false;
    };
    return {
      loggedIn,
      leave: () => {
        loggedIn();
        if (isInside) this.#left(address);
        isInside = false;
      },
    };
  }

  #left(address: string): void {
    this.#total -= 1;
    const left = (this.#byAddress.get(address) ?? 0) - 1;
    if (left > 0) this.#byAddress.set(address, left);
    else this.#byAddress.delete(address);
  }
}

/** `::ffff:192.0.2.1` as `192.0.2.1`. */
export function plainIp(ip: string): string {
  return ip.replace(/^::ffff:(?=\d+\.)/i, '');
}

/** Who has one address of IPv6 has a whole /64 of them. */
function addressOf(ip: string): string {
  const plain = plainIp(ip);
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.split('::');
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const last = tail === '' ? [] : tail.split(':');
    while (groups.length + last.length < 8) groups.push('0');
    groups.push(...last);
  }
  return groups.slice(0, 4).join(':');
}
