/** Tries are counted by endpoint in bins of this length. */
export const BIN_MS = 250;

/** Tries by bin of the endpoints that something was wrong with, and from when to when it was. */
export type Hurt = { readonly bins: readonly Float64Array[]; readonly fromMs: number; readonly toMs: number };

const SECOND = 1000 / BIN_MS;
/** Before the trouble, this long says what an endpoint usually gets. */
const BEFORE_MS = 5000;
/** Below this part of what is usual nothing is sent there any more, to speak of; above that part it is back. */
const AWAY = 0.05;
const BACK = 0.5;
const KEPT_AFTER_MS = 10_000;

/** The tries of an endpoint in a second: their standard deviation over that of chance, for which it is the root of the mean. */
export function waverOf(
  bins: readonly Float64Array[],
  { fromMs, toMs, sliceMs }: { readonly fromMs: number; readonly toMs: number; readonly sliceMs: number },
): number {
  let variance = 0;
  let mean = 0;
  for (const counts of bins) {
    for (let sliceFromMs = fromMs; sliceFromMs + sliceMs <= toMs; sliceFromMs += sliceMs) {
      const seconds = secondsOf(counts, sliceFromMs, sliceFromMs + sliceMs);
      const average = seconds.reduce((sum, count) => sum + count, 0) / seconds.length;
      mean += average;
      variance += seconds.reduce((sum, count) => sum + (count - average) ** 2, 0) / Math.max(1, seconds.length - 1);
    }
  }
  return Math.sqrt(variance / mean);
}

/** What is still sent there later than ten seconds after it began, over what is usual. */
export function keptShare(hurt: Hurt): number {
  const fromMs = Math.min(hurt.fromMs + KEPT_AFTER_MS, hurt.toMs);
  return rateOf(hurt, fromMs, hurt.toMs) / usual(hurt);
}

/** How long it took until hardly anything was sent there, and for good; infinite when it never was. */
export function awayMs(hurt: Hurt): number {
  let atMs = hurt.toMs;
  while (atMs > hurt.fromMs && rateOf(hurt, atMs - 1000, atMs) < AWAY * usual(hurt)) atMs -= BIN_MS;
  return atMs >= hurt.toMs ? Number.POSITIVE_INFINITY : Math.max(0, atMs - 1000 + BIN_MS - hurt.fromMs);
}

/** How long it took, after all was well again, until half of what is usual was sent there; infinite when it never was. */
export function backMs(hurt: Hurt): number {
  const endMs = ((hurt.bins[0]?.length ?? 0) - 1) * BIN_MS;
  for (let atMs = hurt.toMs + 1000; atMs <= endMs; atMs += BIN_MS) {
    if (rateOf(hurt, atMs - 1000, atMs) >= BACK * usual(hurt)) return atMs - 1000 - hurt.toMs;
  }
  return Number.POSITIVE_INFINITY;
}

function usual(hurt: Hurt): number {
  return rateOf(hurt, hurt.fromMs - BEFORE_MS, hurt.fromMs);
}

/** Tries in a ms between two times. */
function rateOf({ bins }: Hurt, fromMs: number, toMs: number): number {
  let sum = 0;
  for (const counts of bins) {
    for (let bin = Math.round(fromMs / BIN_MS); bin < Math.round(toMs / BIN_MS); bin += 1) sum += counts[bin] ?? 0;
  }
  return sum / (toMs - fromMs);
}

function secondsOf(counts: Float64Array, fromMs: number, toMs: number): readonly number[] {
  const seconds: number[] = [];
  for (let bin = Math.round(fromMs / BIN_MS); bin + SECOND <= Math.round(toMs / BIN_MS); bin += SECOND) {
    let sum = 0;
    for (let at = bin; at < bin + SECOND; at += 1) sum += counts[at] ?? 0;
    seconds.push(sum);
  }
  return seconds;
}
