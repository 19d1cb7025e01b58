import { hostPattern, isHostName } from './host-name.ts';
import { type Kind, mustBe, right, wrong } from './kind.ts';
import { listOf, matching, text } from './scalars.ts';
import { ALERTS } from './schema-alerts.ts';
import { CHAOS } from './schema-chaos.ts';
import { DEGRADED } from './schema-degraded.ts';
import { ADMIN, EDGE, GEO, LOG } from './schema-edge.ts';
import { ENDPOINT } from './schema-endpoint.ts';
import { FENCE, FENCES_MAX } from './schema-fence.ts';
import { FLEET } from './schema-fleet.ts';
import { HEDGE } from './schema-hedge.ts';
import { LIMITS } from './schema-limits.ts';
import { BREAKERS, HEALTH, RETRIES, ROUTING, TIMEOUTS } from './schema-policies.ts';
import { SHED } from './schema-shed.ts';
import { SLO } from './schema-slo.ts';
import { block, key, listOfBlocks, mapOf, needed, neededUnder, oneOrListOf, optional, under } from './zod-schema.ts';

const SERVER_NAME: Kind<string> = {
  expected: 'a host name such as shop.example.com',
  json: { type: 'string', minLength: 1 },
  read: (value) =>
    typeof value === 'string' && isHostName(value.toLowerCase())
      ? right(value.toLowerCase())
      : wrong(mustBe('a host name such as shop.example.com', value)),
};

/** `services.NAME.match`. */
export const MATCH = block('Which requests are for this service; left out, every one.', {
  hosts: key(
    listOf(hostPattern, 0, 256),
    [],
    'Hosts it answers to; *.example.com stands for one or more labels. Empty is every host.',
  ),
  prefix: key(
    matching('a path that begins with "/", without spaces, "?" and "#"', /^\/[^\s?#]{0,2047}$/),
    '/',
    'Beginning of the path; among services of one host the longest wins.',
  ),
});

/** `services.NAME.tls`. */
export const UPSTREAM_TLS = block('How https endpoints of this service are verified.', {
  ca: optional(text('the path of a PEM file'), "PEM file of authorities that are trusted beside the system's."),
  server_name: optional(SERVER_NAME, 'Name to ask for and verify; the host of the url when left out.'),
});

const SERVICE = block('A service: which requests are its own, and its regional endpoints.', {
  match: under(MATCH.schema),
  tls: under(UPSTREAM_TLS.schema),
  degraded: under(DEGRADED.schema),
  endpoints: neededUnder(
    listOfBlocks(
      ENDPOINT.schema,
      'a list of endpoints, each with cloud, region and url',
      'Its regional endpoints; at most 10,000 in a file.',
    ),
  ),
  fence: under(
    oneOrListOf(
      FENCE.schema,
      'a fence with when and only, or a list of them',
      `Clients that only some endpoints may serve; one fence or a list of at most ${FENCES_MAX}.`,
    ),
  ),
  routing: under(ROUTING.schema),
  health: under(HEALTH.schema),
  breakers: under(BREAKERS.schema),
  retries: under(RETRIES.schema),
  timeouts: under(TIMEOUTS.schema),
  limits: under(LIMITS.schema),
  hedge: under(HEDGE.schema),
  shed: under(SHED.schema),
  slo: under(SLO.schema),
});

/** Names go into metric labels and endpoint ids, so they stay short and plain. */
const SERVICE_NAME = matching('letters, digits, ".", "_" and "-", at most 63', /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/);

const VERSION: Kind<1> = {
  expected: '1',
  json: { const: 1 },
  read: (value) => (value === 1 ? right(1) : wrong(`${mustBe('1', value)}; write "version: 1"`)),
};

/** The whole file: every key by itself. What keys mean for each other is in rules.ts. */
export const DOCUMENT = block('Configuration of Meridian, a global load-balancing reverse proxy.', {
  version: needed(VERSION, 'Version of this format; always 1.'),
  edge: under(EDGE.schema),
  admin: under(ADMIN.schema),
  geo: under(GEO.schema),
  log: under(LOG.schema),
  alerts: under(ALERTS.schema),
  slo: under(SLO.schema),
  routing: under(ROUTING.schema),
  health: under(HEALTH.schema),
  breakers: under(BREAKERS.schema),
  retries: under(RETRIES.schema),
  timeouts: under(TIMEOUTS.schema),
  chaos: under(CHAOS.schema),
  fleet: under(FLEET.schema),
  services: neededUnder(mapOf(SERVICE_NAME, SERVICE.schema, 'Services by name; at most 256.')),
});

/** What the file says, value by value, before defaults. */
export type Document = NonNullable<(typeof DOCUMENT.schema)['_output']>;
