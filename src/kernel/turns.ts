const itemsAtOnce = 250;

/** `map` over a long list, without holding up everything else in the process: between slices others have their turn. */
export async function mapInTurns<Item, Result>(
  items: readonly Item[],
  map: (item: Item, index: number) => Result,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const [index, item] of items.entries()) {
    if (index > 0 && index % itemsAtOnce === 0) await new Promise((go) => setImmediate(go));
    results.push(map(item, index));
  }
  return results;
}
