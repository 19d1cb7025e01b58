/**
 * How good an answer of a service with a ladder is. `degraded`: something in the endpoints' place while they are late, or a
 * fallback. `minimal`: the endpoints have failed and what is left are copies, or it may no longer be true.
 */
export type Quality = 'full' | 'degraded' | 'minimal';

/** Which step answered; `none`: it was refused. */
export type Source = 'endpoint' | 'cache' | 'fallback' | 'stale' | 'none';

/** What the endpoints had done when the answer was chosen: not failed (they answered, or are late), or failed. */
export type Endpoints = 'well' | 'failed';

/** Undefined for a refusal, which is no answer. An endpoint's own 5xx, passed on for want of anything else, is `minimal`. */
export function qualityOf(source: Source, endpoints: Endpoints): Quality | undefined {
  return QUALITIES[endpoints][source];
}

const QUALITIES: Readonly<Record<Endpoints, Readonly<Record<Source, Quality | undefined>>>> = {
  well: { endpoint: 'full', cache: 'degraded', fallback: 'degraded', stale: 'minimal', none: undefined },
  failed: { endpoint: 'minimal', cache: 'minimal', fallback: 'degraded', stale: 'minimal', none: undefined },
};
