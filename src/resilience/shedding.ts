/** How much more load each priority bears than the one that is shed before it, as a share of what the service is built for. */
export const STEP = 0.25;

/**
 * Whether a request is turned away so that others are served. `rank` is its place in the order, from 0 for those that go first; `of` how
 * many places there are. `load` is what the service has in flight over what it is built for, `lagMs` how late this thread is.
 *
 * Each place bears a quarter more load than the one before, and twice the lag. The last bears load up to `fullAt`, where no endpoint
 * would take it as anything but a burden.
 */
export function sheds(
  { rank, of }: { readonly rank: number; readonly of: number },
  { load, lagMs }: { readonly load: number; readonly lagMs: number },
  { from, lagMaxMs, fullAt }: { readonly from: number; readonly lagMaxMs: number; readonly fullAt: number },
): boolean {
  const bears = rank === of - 1 ? Math.max(fullAt, from) : from + rank * STEP;
  return load >= bears || lagMs >= lagMaxMs * 2 ** rank;
}
