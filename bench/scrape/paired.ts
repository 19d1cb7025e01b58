/** How much more one of two has than the other, as shares of the other: the median of pairs, and where it lies with 95 % certainty. */
export type PairedDifference = { readonly median: number; readonly from: number; readonly to: number };

/** z of a 95 % interval of a normal distribution. */
const Z = 1.96;

/**
 * What pairs that were measured beside each other differ by. Noise that lasts longer than a pair hits both of it alike, and one that is shorter
 * hits either as often: so the median of the differences stands still where medians of all are far apart. The interval is that of the
 * sign test: as many differences below as a fair coin would give, `n / 2 ± z √n / 2`; it assumes nothing of how they are distributed.
 */
export function pairedDifference(pairs: readonly (readonly [without: number, beside: number])[]): PairedDifference {
  const shares = pairs.map(([without, beside]) => beside / without - 1).toSorted((a, b) => a - b);
  const n = shares.length;
  if (n === 0) throw new Error('there are no pairs to compare');
  const low = Math.max(0, Math.floor(n / 2 - (Z * Math.sqrt(n)) / 2));
  const middle = [shares[Math.floor((n - 1) / 2)], shares[Math.floor(n / 2)]] as [number, number];
  return {
    median: (middle[0] + middle[1]) / 2,
    from: shares[low] as number,
    to: shares[n - 1 - low] as number,
  };
}

/** The value below which so many of a hundred lie, of at least one. */
export function percentile(values: readonly number[], hundredths: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * hundredths) / 100))] as number;
}
