import { duration } from './duration.ts';
import { listOf } from './scalars.ts';
import { PRIORITY_NAME } from './schema-policies.ts';
import { loadShare } from './share.ts';
import { block, key, needed } from './zod-schema.ts';

/** `services.NAME.shed`. */
export const SHED = block('Which requests are turned away with 503 when not all can be served.', {
  order: needed(
    listOf(PRIORITY_NAME, 1, 8),
    'Names of priorities, the one that goes first first; the last, and any that is not named, only when every endpoint is full.',
  ),
  from: key(
    loadShare,
    '100%',
    'Requests in flight, as a share of the capacity of the endpoints that are up, from which the first goes; each next bears 25% more.',
  ),
  lag: key(
    duration({ min: '10ms', max: '1m' }),
    '100ms',
    'Delay of the event loop of an edge thread from which the first goes; each next bears twice as much.',
  ),
});
