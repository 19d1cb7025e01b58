import type { Socket } from 'node:net';

/** Upgraded streams that are now open in this thread, so that a drain can end them. */
export type Streams = Set<{ readonly end: () => void }>;

/** Once one side has ended, the other may go on for this long. */
export const HALF_OPEN_MS = 30_000;

/**
 * Joins two connections byte for byte until both have ended, one breaks, or nothing has moved for `idleMs`. `closed` is
 * called once, when both are gone.
 */
export function splice(
  client: Socket,
  upstream: Socket,
  limits: { readonly idleMs: number; readonly streams: Streams },
  closed: () => void,
): void {
  const stream = { end };
  limits.streams.add(stream);
  let open = 2;
  for (const [side, other] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    side.setNoDelay(true);
    side.setTimeout(limits.idleMs, end);
    side.on('error', end);
    side.on('end', () => other.setTimeout(Math.min(limits.idleMs, HALF_OPEN_MS), end));
    side.once('close', () => {
      other.destroySoon();
      open -= 1;
      if (open > 0) return;
      limits.streams.delete(stream);
      closed();
    });
    side.pipe(other);
  }

  function end(): void {
    client.destroy();
    upstream.destroy();
  }
}
