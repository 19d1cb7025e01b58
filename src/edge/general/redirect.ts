import type { IncomingMessage, ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import { isHostName } from '../../config/host-name.ts';
import { takeNoMoreOf } from '../client/refused-connections.ts';
import { type OwnAnswer, refusalAnswer, sendOwn } from '../message/answer.ts';
import type { RequestHead } from '../message/request-head.ts';
import type { EdgeAnswer } from '../request/challenge-answer.ts';
import { intake } from './request-intake.ts';

export type RedirectDeps = {
  /** The port that redirects lead to. */
  readonly port: number;
  /** Whether requests for this host are served at all. */
  readonly serves: (host: string, target: string) => boolean;
  readonly edgeAnswer: EdgeAnswer;
  readonly draining: () => boolean;
  /** Counts a request that was not taken. */
  readonly refused: () => void;
};

/** Answers every request with the same address by https. What load balancers ask of the edge itself is answered here too. */
export function redirect(deps: RedirectDeps, request: IncomingMessage, response: ServerResponse): void {
  const head = intake(request);
  if ('problem' in head) {
    deps.refused();
    takeNoMoreOf(request.socket);
    return sendOwn(response, refusalAnswer(head.status, head.problem), true);
  }
  // A body has no meaning here, and nobody reads it.
  const close = head.hasBody || deps.draining();
  sendOwn(response, deps.edgeAnswer(head) ?? redirectAnswer(head, deps), close);
}

/**
 * 301 for what browsers ask for by a link, which every client knows and keeps; 308 for the rest, so that a POST stays one (RFC 9110
 * §15.4.9). The host is the client's word: only one that is a name or an address, and that is served, is led to.
 */
export function redirectAnswer(
  { method, host, target }: Pick<RequestHead, 'method' | 'host' | 'target'>,
  { port, serves }: Pick<RedirectDeps, 'port' | 'serves'>,
): OwnAnswer {
  const name = hostOf(host);
  if (name === undefined) return refusalAnswer(400, 'there is no host to lead to');
  if (target === '*' || !serves(name, target))
    return refusalAnswer(404, 'no service is configured for this host and path');
  const status = method === 'GET' || method === 'HEAD' ? 301 : 308;
  const location = `https://${name}${port === 443 ? '' : `:${port}`}${target}`;
  return { status, headers: ['Location', location], body: `${status} https is spoken here: ${location}\n` };
}

/** The host without its port; undefined where it is neither a name nor an address. */
function hostOf(host: string): string | undefined {
  const bracketed = /^\[([0-9A-Fa-f:.]+)\](?::\d*)?$/.exec(host)?.[1];
  if (bracketed !== undefined) return isIP(bracketed) === 6 ? `[${bracketed}]` : undefined;
  const name = host.replace(/:\d*$/, '').toLowerCase();
  return isHostName(name.replace(/\.$/, '')) ? name : undefined;
}
