import { UNANSWERED_PATIENCES } from './patience.ts';

/** What begins must be able to end: less than this is not left to anybody. Deadlines are looked at in steps as long. */
export const TRY_MIN_MS = 10;

/** Whether a further attempt of a request may begin that has `leftMs` left; `usualMs` is how long its endpoint usually takes, NaN when not known. */
export function mayStillEnd(leftMs: number, usualMs: number): boolean {
  return leftMs >= TRY_MIN_MS && !(leftMs < usualMs);
}

/**
 * Whether an attempt without an answer is to blame when the time of its request has passed. `requestMs` is what the service gives a request,
 * however little its client gives. An endpoint that had half of that to itself did not answer as the service must; one that had less,
 * because another had used it up or because the client is in a hurry, is not to blame, unless it was silent for much longer than is usual.
 */
export function isBlamedAtDeadline(waitedMs: number, patienceMs: number, requestMs: number): boolean {
  return waitedMs >= Math.min(requestMs / 2, UNANSWERED_PATIENCES * patienceMs);
}

/** How long an attempt may be waited for before another is made beside it, where the file leaves that open: so that both fit in. */
export function patienceLimitMs({
  firstByteMs,
  requestMs,
}: {
  readonly firstByteMs: number;
  readonly requestMs: number;
}): number {
  return Math.min(firstByteMs, requestMs / 2);
}
