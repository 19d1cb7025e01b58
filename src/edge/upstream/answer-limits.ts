import type { Fault } from '../../resilience/fault.ts';

/** A response head larger than this is not passed on; its fields are not counted. */
export const RESPONSE_HEAD_BYTES_MAX = 64 * 1024;
/** Interim answers before the real one. */
export const INTERIMS_MAX = 16;

/**
 * An answer that is not passed on. Of one that is over this edge's own limit the endpoint is not to blame: else anybody could open its
 * breaker by asking for one large head again and again.
 */
export class BadAnswer extends Error {
  readonly blame: Pick<Fault, 'blameless'>;

  constructor(cause: string, why: 'broken' | 'limit' = 'broken') {
    super(cause);
    this.blame = why === 'limit' ? { blameless: true } : {};
  }
}
