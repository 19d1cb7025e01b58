import { ENDPOINT } from './schema-endpoint.ts';
import { ORIGIN_KEYS } from './schema-origin.ts';
import { BREAKERS, HEALTH, TIMEOUTS } from './schema-policies.ts';
import { block, listOfBlocks, neededUnder, under } from './zod-schema.ts';

const { connect, connection_age } = TIMEOUTS.shape;

/** `backends.NAME`: what belongs to endpoints, whichever service sends to them. */
export const BACKEND = block('Endpoints that services share, each of which is checked and counted once.', {
  endpoints: neededUnder(
    listOfBlocks(
      ENDPOINT.schema,
      'a list of endpoints, each with cloud, region and url',
      'Its regional endpoints; at most 10,000 in a file.',
    ),
  ),
  ...ORIGIN_KEYS,
  health: under(HEALTH.schema),
  breakers: under(BREAKERS.schema),
  timeouts: under(block('How long its endpoints may take to connect.', { connect, connection_age }).schema),
});
