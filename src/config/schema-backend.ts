import { ENDPOINT, ORIGIN_HOST } from './schema-endpoint.ts';
import { UPSTREAM_TLS } from './schema-origin-tls.ts';
import { BREAKERS, HEALTH, TIMEOUTS } from './schema-policies.ts';
import { block, listOfBlocks, neededUnder, optional, under } from './zod-schema.ts';

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
  host: optional(
    ORIGIN_HOST,
    'Host that endpoints are sent, in requests and health checks: client (that of the request), upstream (that of the url) or a name; client when left out.',
  ),
  tls: under(UPSTREAM_TLS.schema),
  health: under(HEALTH.schema),
  breakers: under(BREAKERS.schema),
  timeouts: under(block('How long its endpoints may take to connect.', { connect, connection_age }).schema),
});
