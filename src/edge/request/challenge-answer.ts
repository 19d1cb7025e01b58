import type { OwnAnswer } from '../message/answer.ts';
import type { RequestHead } from '../message/request-head.ts';
import type { HealthAnswer } from './health-answer.ts';

/** What this edge answers by itself, whichever front has the request; undefined for every other request. */
export type EdgeAnswer = (head: Pick<RequestHead, 'method' | 'target'>) => OwnAnswer | undefined;

const PREFIX = '/.well-known/acme-challenge/';

/**
 * Answers what an authority asks for to find out whether a name leads here (HTTP-01, RFC 8555 §8.3), and what `health` does. Only a token
 * that is open is known: everything else below the path goes to the services, which may have challenges of their own. `tokens` is
 * undefined while none is open, and then a request pays for a comparison.
 */
export function edgeAnswer(tokens: () => ReadonlyMap<string, string> | undefined, health: HealthAnswer): EdgeAnswer {
  return (head) => {
    const open = tokens();
    return (open === undefined ? undefined : challengeAnswer(open, head)) ?? health(head);
  };
}

function challengeAnswer(
  open: ReadonlyMap<string, string>,
  { method, target }: Pick<RequestHead, 'method' | 'target'>,
): OwnAnswer | undefined {
  if (!target.startsWith(PREFIX) || (method !== 'GET' && method !== 'HEAD')) return undefined;
  const body = open.get(target.slice(PREFIX.length));
  return body === undefined ? undefined : { status: 200, headers: ['Cache-Control', 'no-store'], body };
}
