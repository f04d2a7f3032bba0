import { expect, test } from 'vitest';
import { dollars, eventBody, readPurchases, totalCents } from './purchases.ts';

test('the data set is whole: 69,659 purchases of 23,570 customers worth 2,500,315.63 USD', async () => {
  const purchases = await readPurchases();
  expect(purchases).toHaveLength(69_659);
  expect(new Set(purchases.map((purchase) => purchase.customer)).size).toBe(23_570);
  expect(totalCents(purchases.map((purchase) => purchase.amount))).toBe(250_031_563n);
  expect(() => JSON.parse(eventBody(purchases[0]!))).not.toThrow();
});

test('money is text and whole cents, never a binary number', () => {
  expect(totalCents(['0.1', '0.20', '3', '90071992547409.93'])).toBe(9_007_199_254_741_323n);
  for (const wrong of ['', '1.005', '-1', '1e3', 'null']) expect(() => totalCents([wrong])).toThrow('no amount');
  expect(dollars(250_031_563n)).toBe('2,500,315.63');
  expect(dollars(5n)).toBe('0.05');
});
