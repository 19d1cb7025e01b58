import { altSvc } from './alt-svc-kind.ts';
import { backendUses, OWNER_NAME } from './backend-kind.ts';
import { type Kind, mustBe, right, wrong } from './kind.ts';
import { oneOf } from './scalars.ts';
import { ALERTS } from './schema-alerts.ts';
import { BACKEND } from './schema-backend.ts';
import { CHAOS } from './schema-chaos.ts';
import { OWN_CLOUDS } from './schema-clouds.ts';
import { DEGRADED } from './schema-degraded.ts';
import { ADMIN, EDGE, GEO, LOG } from './schema-edge.ts';
import { ENDPOINT } from './schema-endpoint.ts';
import { FENCE, FENCES_MAX } from './schema-fence.ts';
import { FLEET } from './schema-fleet.ts';
import { HEDGE } from './schema-hedge.ts';
import { LIMITS } from './schema-limits.ts';
import { MATCH } from './schema-match.ts';
import { MIRROR } from './schema-mirror.ts';
import { ORIGIN_KEYS } from './schema-origin.ts';
import { BREAKERS, HEALTH, RETRIES, ROUTING, TIMEOUTS } from './schema-policies.ts';
import { HEADERS, HSTS, PATH, REDIRECT } from './schema-rules.ts';
import { SHED } from './schema-shed.ts';
import { SLO } from './schema-slo.ts';
import { STICKY } from './schema-sticky.ts';
import { split } from './split-kind.ts';
import { block, listOfBlocks, mapOf, needed, neededUnder, oneOrListOf, optional, under } from './zod-schema.ts';

const SERVICE = block('A service: which requests are its own, and its regional endpoints.', {
  match: under(MATCH),
  ...ORIGIN_KEYS,
  headers: under(HEADERS.schema),
  path: under(PATH.schema),
  redirect: under(REDIRECT.schema),
  mode: optional(
    oneOf(['proxy', 'redirect', 'permanent-redirect']),
    'proxy forwards requests; redirect sends clients to the public_url of the best endpoint with 307, permanent-redirect with 308; proxy when left out.',
  ),
  hsts: optional(
    HSTS,
    'Strict-Transport-Security of answers over https: on is a year, subdomains adds includeSubDomains, preload is two years and fit for the list of browsers.',
  ),
  alt_svc: optional(
    altSvc,
    'Alt-Svc of answers over https, in place of what the endpoint says: h3=":443"; ma=86400, or clear.',
  ),
  degraded: under(DEGRADED.schema),
  endpoints: under(
    listOfBlocks(
      ENDPOINT.schema,
      'a list of endpoints, each with cloud, region and url',
      'Its regional endpoints; at most 10,000 in a file. Needed, unless it sends to a backend or redirect sends every client elsewhere.',
    ),
  ),
  backend: optional(
    backendUses,
    'In place of endpoints: the backend that it sends to, by name; or several, each a name or { name: eu, weight: 50%, tier: 2 }.',
  ),
  sticky: under(STICKY.schema),
  split: optional(split, 'Parts of the requests that go to each set of its endpoints: { stable: 95, canary: 5 }.'),
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
  mirror: under(MIRROR.schema),
  shed: under(SHED.schema),
  slo: under(SLO.schema),
});

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
  clouds: under(OWN_CLOUDS),
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
  backends: under(
    mapOf(OWNER_NAME, BACKEND.schema, 'Endpoints that services share, by name; at most 256 with the services.'),
  ),
  services: neededUnder(mapOf(OWNER_NAME, SERVICE.schema, 'Services by name; at most 256.')),
});

/** What the file says, value by value, before defaults. */
export type Document = NonNullable<(typeof DOCUMENT.schema)['_output']>;
