import { expect, test } from 'vitest';
import { mapInTurns } from './turns.ts';

test('all items are mapped in their order, and others have their turn meanwhile', async () => {
  const items = Array.from({ length: 1001 }, (_, index) => index);
  let doneWhenOthersCame = -1;
  let done = 0;
  setImmediate(() => (doneWhenOthersCame = done));
  const results = await mapInTurns(items, (item, index) => {
    done++;
    return item * 10 + (index - item);
  });
  expect(results).toEqual(items.map((item) => item * 10));
  expect(doneWhenOthersCame).toBeGreaterThan(0);
  expect(doneWhenOthersCame).toBeLessThan(items.length);
});

test('the first item that fails fails all', async () => {
  const fail = (item: number): number => {
    if (item === 300) throw new Error(`item ${item}`);
    return item;
  };
  await expect(mapInTurns([...Array(400).keys()], fail)).rejects.toThrow('item 300');
});
