import type { Issued } from './issued.ts';

type Lifetime = Pick<Issued, 'notBeforeMs' | 'notAfterMs' | 'fingerprint'>;

/** Between these an authority would have a certificate renewed (RFC 9773 §4.2), by the wall clock. */
export type RenewalWindow = { readonly startMs: number; readonly endMs: number };

const SHARE = 2 / 3;
/** So far to either side, so that what was obtained together is not renewed together. */
const SPREAD = 1 / 40;
/** No authority's word puts a renewal off for longer than so much of the lifetime. */
const SHARE_MAX = 0.9;

/**
 * When to renew, by the wall clock: at two thirds of the lifetime, or where in its window the authority would have it. Chance has its part, and
 * is drawn from the certificate itself: every edge, and an edge that was restarted, comes to the same moment.
 */
export function renewalMs(certificate: Lifetime, window: RenewalWindow | undefined): number {
  const { notBeforeMs, notAfterMs } = certificate;
  const lifetimeMs = notAfterMs - notBeforeMs;
  const draw = drawOf(certificate);
  if (window === undefined) return notBeforeMs + lifetimeMs * (SHARE + SPREAD * (2 * draw - 1));
  const within = window.startMs + draw * (window.endMs - window.startMs);
  return Math.min(within, notBeforeMs + lifetimeMs * SHARE_MAX);
}

/** From 0 to 1, evenly over all certificates. */
function drawOf({ fingerprint }: Lifetime): number {
  return Number.parseInt(fingerprint.slice(0, 8), 16) / 0xffff_ffff;
}
