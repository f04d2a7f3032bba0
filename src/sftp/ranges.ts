/** A file may be written in any order; this knows which of its bytes were. */

/** [from, to) */
export type Range = readonly [from: number, to: number];

/** Whoever leaves more gaps than this does not upload a file. */
const mostRanges = 10_000;

/** Sorted, disjoint, not touching. */
export class WrittenRanges {
  #ranges: [number, number][];

  constructor(ranges: readonly Range[] = []) {
    this.#ranges = ranges.map(([from, to]) => [from, to]);
  }

  /** @throws RangeError when the gaps become too many; nothing is changed then */
  add(from: number, to: number): void {
    if (to <= from) return;
    const last = this.#ranges.at(-1);
    // the usual case: the file grows at its end
    if (last && from === last[1]) {
      last[1] = to;
      return;
    }
    const first = this.#firstEndingAt(from);
    let behind = first;
    let merged: [number, number] = [from, to];
    for (let range = this.#ranges[behind]; range && range[0] <= to; range = this.#ranges[++behind]) {
      merged = [Math.min(merged[0], range[0]), Math.max(merged[1], range[1])];
    }
    if (behind === first && this.#ranges.length >= mostRanges) throw new RangeError('too many gaps');
    this.#ranges.splice(first, behind - first, merged);
  }

  /** Forgets what is at `size` and after. */
  cut(size: number): void {
    this.#ranges = this.#ranges
      .filter(([from]) => from < size)
      .map(([from, to]): [number, number] => [from, Math.min(to, size)]);
  }

  /** Whether every byte below `size` was written. */
  covers(size: number): boolean {
    if (size === 0) return true;
    const [first] = this.#ranges;
    return first !== undefined && first[0] === 0 && first[1] >= size;
  }

  toJSON(): readonly Range[] {
    return this.#ranges.map(([from, to]): Range => [from, to]);
  }

  /** Place of the first range that ends at `position` or after; by halving. */
  #firstEndingAt(position: number): number {
    let low = 0;
    let high = this.#ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ranges[middle]?.[1] ?? 0) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
