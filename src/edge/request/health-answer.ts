import { type OwnAnswer, refusalAnswer } from '../message/answer.ts';
import type { RequestHead } from '../message/request-head.ts';

/** What this edge answers to a request for its own health; undefined for every other request. */
export type HealthAnswer = (head: Pick<RequestHead, 'method' | 'target'>) => OwnAnswer | undefined;

/**
 * Answers GET and HEAD of the path that the file names, for whoever stands in front of this edge. `path` is empty where there is none,
 * and no target is: whoever does not use it pays for a comparison. `serving` is the table's cell, so that every thread, also one that is
 * replaced meanwhile, says what the edge as a whole wants.
 */
export function healthAnswer(path: () => string, serving: Readonly<Uint8Array>): HealthAnswer {
  return ({ method, target }) => {
    if (target !== path() || (method !== 'GET' && method !== 'HEAD')) return undefined;
    return serving[0] === 1 ? WANTED : NOT_WANTED;
  };
}

const WANTED: OwnAnswer = { status: 200, headers: ['Cache-Control', 'no-store'], body: 'ready\n' };
const NOT_WANTED = refusalAnswer(503, 'this edge is starting or going down');
