import { duration } from './duration.ts';
import { either, listOf, matching, oneOf } from './scalars.ts';
import { block, key, needed } from './zod-schema.ts';

/** What changes nothing may be under way twice, though nobody was slow. */
const HEDGED_METHODS = ['GET', 'HEAD', 'OPTIONS'] as const;

/** `services.NAME.hedge`. */
export const HEDGE = block(
  'A second try beside the first, before that is slow enough to be blamed; whoever answers first wins.',
  {
    after: needed(
      either(duration({ min: '10ms', max: '1h' }), matching('a percentile from p50 to p99 such as p95', /^p[5-9]\d$/)),
      "How long the first may take: a time, or p95 to ask twice for the slowest 5 % of the service's requests.",
    ),
    methods: key(
      listOf(oneOf(HEDGED_METHODS), 1, HEDGED_METHODS.length),
      ['GET', 'HEAD'],
      'Methods whose requests may be under way at two endpoints at once.',
    ),
  },
);
