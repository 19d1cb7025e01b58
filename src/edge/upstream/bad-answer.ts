import type { Fault } from '../../resilience/fault.ts';

/**
 * An answer that is not passed on. The endpoint is not to blame for one that is over this edge's own limit: else anybody could open its
 * breaker by asking for one large head again and again.
 */
export class BadAnswer extends Error {
  readonly blame: Pick<Fault, 'blameless'>;

  constructor(cause: string, why: 'broken' | 'limit' = 'broken') {
    super(cause);
    this.blame = why === 'limit' ? { blameless: true } : {};
  }
}
