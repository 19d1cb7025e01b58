import type { Explanation } from '../../routing/explain.ts';
import type { Attempt, Exchange } from './exchange.ts';

/** A header has no room for more; `meridian explain` shows them all. */
export const CANDIDATES_SHOWN_MAX = 8;

/**
 * Why a request was answered by whom, for a client that may know: the numbers of `meridian explain`, names and values
 * alternating.
 */
export function decisionHeaders(exchange: Exchange, attempt: Attempt): string[] {
  const { explanation } = attempt;
  if (explanation === undefined) return [];
  const tries = exchange.attempts.length;
  const place = exchange.whereabouts.country === '' ? exchange.whereabouts.precision : exchange.whereabouts.country;
  const parts = [
    `endpoint="${nameOf(exchange, attempt)}"`,
    `priority=${exchange.priority.name}`,
    `client="${place}"`,
    `attempts=${tries}`,
    ...(attempt.panic ? ['panic'] : []),
  ];
  const value = [parts.join('; '), ...explanation.candidates.slice(0, CANDIDATES_SHOWN_MAX).map(candidateText)].join(
    ', ',
  );
  return [
    'X-Meridian-Decision',
    value,
    'Server-Timing',
    `meridian;desc="${attempt.endpoint.cloud}/${attempt.endpoint.region}", upstream;dur=${attempt.firstByteMs.toFixed(1)}`,
  ];
}

/** Where an endpoint is, a trusted proxy may know; everybody else gets the names that the file gives it. */
function nameOf({ trustedPeer }: Exchange, { endpoint }: Attempt): string {
  return trustedPeer ? endpoint.id : `${endpoint.service}/${endpoint.cloud}/${endpoint.region}`;
}

function candidateText(candidate: Explanation['candidates'][number]): string {
  const { factors } = candidate;
  return [
    `"${candidate.cloud}/${candidate.region}"`,
    `score=${candidate.score.toFixed(3)}`,
    `latency=${factors.latency.toFixed(3)}`,
    `capacity=${factors.capacity.toFixed(3)}`,
    `health=${factors.health.toFixed(3)}`,
    `diversity=${factors.diversity.toFixed(3)}`,
    candidate.standing,
  ].join('; ');
}
