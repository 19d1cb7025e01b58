/*
 * What edges tell of clients, as it travels: `1k9x2m.c8,…`, names and thousandths of the limit to the base of 36, the heaviest first; in a digest with a third
 * number, how many edges told. Names are numbers (see `clientName`), so neither addresses nor keys leave an edge.
 */

/** What an edge tells: of each client, the thousandths of its limit that it asks there. Whole numbers, at least 1. */
export type ClientDemand = ReadonlyMap<number, number>;

/** What the edges of a store tell together. */
export type ClientTotals = ReadonlyMap<number, { readonly demand: number; readonly edges: number }>;

/** Clients that an edge tells of at most, and that a digest has at most: 2.3 KB and 5.4 KB of text. */
export const TOLD_MAX = 128;
export const TOTALS_MAX = 256;
/** No demand is told as more: a million times the limit. */
const DEMAND_MAX = 1e9;

/** What an edge tells, the first of it where there is more than a report takes. */
export function demandText(clients: ClientDemand): string {
  return [...clients]
    .slice(0, TOLD_MAX)
    .map(([name, demand]) => `${name.toString(36)}.${bounded(demand).toString(36)}`)
    .join(',');
}

/** What cannot be read is left out, and so is what is beyond the bound. */
export function readDemand(text: string): ClientDemand {
  const found = new Map<number, number>();
  for (const [name, demand] of numbersOf(text, TOLD_MAX)) if (isName(name) && isDemand(demand)) found.set(name, demand);
  return found;
}

/** Under what a region's digest of clients is among the digests. No region is called so. An edge of an earlier version reads no digest there. */
export function clientsOf(region: string): string {
  return `${region} clients`;
}

/** The heaviest, where there are more than a digest takes. */
export function totalsText(clients: ClientTotals): string {
  return [...clients]
    .toSorted(([a, { demand: x }], [b, { demand: y }]) => y - x || a - b)
    .slice(0, TOTALS_MAX)
    .map(([name, { demand, edges }]) => [name, bounded(demand), edges].map((one) => one.toString(36)).join('.'))
    .join(',');
}

/** What cannot be read is left out, and so is what is beyond the bound. */
export function readTotals(text: string): ClientTotals {
  const found = new Map<number, { demand: number; edges: number }>();
  for (const [name, demand, edges] of numbersOf(text, TOTALS_MAX)) {
    if (isName(name) && isDemand(demand) && isDemand(edges)) found.set(name, { demand, edges });
  }
  return found;
}

function* numbersOf(text: string, max: number): Iterable<readonly number[]> {
  if (text === '') return;
  for (const one of text.split(',', max)) {
    yield one.split('.', 3).map((part) => (/^[0-9a-z]{1,10}$/.test(part) ? Number.parseInt(part, 36) : Number.NaN));
  }
}

function isName(name: number | undefined): name is number {
  return name !== undefined && name >= 0 && name < 2 ** 46;
}

function isDemand(demand: number | undefined): demand is number {
  return demand !== undefined && demand >= 1 && demand <= DEMAND_MAX;
}

function bounded(demand: number): number {
  return Math.min(DEMAND_MAX, Math.max(1, Math.round(demand)));
}
