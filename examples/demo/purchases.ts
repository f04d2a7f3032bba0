import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';

export interface Purchase {
  /** `00001` ... `23570` */
  readonly customer: string;
  /** `1997-01-01` */
  readonly date: string;
  readonly quantity: number;
  /** Decimal text as in the file, e.g. `11.77`: money never passes through a binary number. */
  readonly amount: string;
  /** Line number in the file: what makes two equal purchases of one day two purchases. */
  readonly line: number;
}

/** The CDNOW purchases; see examples/README.md for their origin. */
export async function readPurchases(): Promise<Purchase[]> {
  const file = createReadStream(new URL('../cdnow-purchases.csv.gz', import.meta.url));
  const purchases: Purchase[] = [];
  let line = 0;
  for await (const row of createInterface({ input: file.pipe(createGunzip()) })) {
    line += 1;
    const [customer = '', date = '', quantity = '', amount = ''] = row.split(',');
    if (line > 1) purchases.push({ customer, date, quantity: Number(quantity), amount, line });
  }
  return purchases;
}

/** Cents, exactly. @throws Error for what is no amount of whole cents */
export function totalCents(amounts: Iterable<string>): bigint {
  let cents = 0n;
  for (const amount of amounts) {
    const [, whole = '', fraction = ''] = /^(\d+)(?:\.(\d{1,2}))?$/.exec(amount) ?? [];
    if (whole === '') throw new Error(`${amount} is no amount in whole cents`);
    cents += BigInt(whole) * 100n + BigInt(fraction.padEnd(2, '0'));
  }
  return cents;
}

/** 250031563 cents as `2,500,315.63`. */
export function dollars(cents: bigint): string {
  return `${(cents / 100n).toLocaleString('en-US')}.${String(cents % 100n).padStart(2, '0')}`;
}

/** One member of a bulk profile import. */
export function profileBody(customer: string, purchases: readonly Purchase[]): object {
  return {
    type: 'profile',
    attributes: {
      external_id: customer,
      email: `customer.${customer}@cdnow.example`,
      properties: { cohort: '1997-Q1', first_purchase: purchases[0]?.date, purchases: purchases.length },
    },
  };
}

/** One member of a bulk event request, as JSON text so that the amount's digits stay as they are in the file. */
export function eventBody(purchase: Purchase): string {
  const { customer, date, quantity, amount, line } = purchase;
  return (
    `{"type":"event-bulk-create","attributes":{"profile":{"data":{"type":"profile","attributes":{"external_id":"${customer}"}}},` +
    `"events":{"data":[{"type":"event","attributes":{"metric":{"data":{"type":"metric","attributes":{"name":"Placed Order"}}},` +
    `"time":"${date}T00:00:00Z","value":${amount},"value_currency":"USD","unique_id":"cdnow-${line}",` +
    `"properties":{"quantity":${quantity},"source":"CDNOW 1997-98"}}}]}}}`
  );
}
