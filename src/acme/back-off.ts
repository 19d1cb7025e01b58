import type { AuthorityTrouble } from './authority-error.ts';

/** From how long a failure is waited out to how long at most, doubled with each one in a row. */
type Wait = { readonly firstMs: number; readonly maxMs: number };

/**
 * An authority that is away is asked again soon: nothing is counted against anybody. Each order that fails is: Let's Encrypt takes five an
 * hour for one name, so five come to more than half an hour here, and the sixth an hour after the first.
 */
const WAITS: Readonly<Record<AuthorityTrouble, Wait>> = {
  away: { firstMs: 5000, maxMs: 3_600_000 },
  refused: { firstMs: 120_000, maxMs: 6 * 3_600_000 },
  wrong: { firstMs: 120_000, maxMs: 6 * 3_600_000 },
  limited: { firstMs: 600_000, maxMs: 12 * 3_600_000 },
};

const SPREAD = 0.2;

/**
 * How long to wait after so many failures in a row, at least 1; never less than what the authority asked for. `draw` is chance, 0 to 1: what
 * failed together is not tried together again.
 */
export function backOffMs(
  failures: number,
  { trouble, retryAfterMs }: { readonly trouble: AuthorityTrouble; readonly retryAfterMs: number },
  draw: number,
): number {
  const { firstMs, maxMs } = WAITS[trouble];
  const waitMs = Math.min(maxMs, firstMs * 2 ** Math.min(30, failures - 1));
  return Math.max(retryAfterMs, waitMs * (1 + SPREAD * (2 * draw - 1)));
}
