import { authorityKind } from './authority-kind.ts';
import { CLOUD } from './cloud-kind.ts';
import { country } from './country-kind.ts';
import { endpointUrl } from './endpoint-url.ts';
import { flagKey } from './flag-key.ts';
import { type Kind, mustBe, right, wrong } from './kind.ts';
import { loadLevel } from './load-level.ts';
import { decimal, either, integer, oneOf } from './scalars.ts';
import { REGION_CODE } from './schema-clouds.ts';
import { UPSTREAM_TLS } from './schema-origin-tls.ts';
import { share } from './share.ts';
import { SET_NAME } from './split-kind.ts';
import { SEND_PROXY, UPSTREAM_PROTOCOLS } from './topology-endpoint.ts';
import { TIERS_MAX } from './topology-shares.ts';
import { block, key, needed, optional, under } from './zod-schema.ts';

/** `host` of a service or an endpoint: whose name the request is for. */
export const ORIGIN_HOST = either(oneOf(['client', 'upstream']), authorityKind);

/** Addresses that a name expands to when nothing is said of how many, and at most. */
const EXPAND_DEFAULT = 16;
export const EXPAND_MAX = 64;

/** `true`, or how many. `false` is as if it were left out. */
const EXPAND: Kind<number> = {
  expected: `true, false, or a whole number from 2 to ${EXPAND_MAX}`,
  json: { anyOf: [{ type: 'boolean' }, { type: 'integer', minimum: 2, maximum: EXPAND_MAX }] },
  read(value) {
    if (typeof value === 'boolean') return right(value ? EXPAND_DEFAULT : 0);
    const isCount = typeof value === 'number' && Number.isInteger(value) && value >= 2 && value <= EXPAND_MAX;
    return isCount ? right(value) : wrong(mustBe(EXPAND.expected, value));
  },
};

/** How many endpoints one of a file may become. */
export function expandedCount(expand: unknown): number {
  const read = EXPAND.read(expand);
  return read.ok && read.value > 0 ? read.value : 1;
}

/** One endpoint of a service. */
export const ENDPOINT = block('One regional endpoint.', {
  cloud: needed(CLOUD, 'The cloud that it runs on; a cloud is a failure domain.'),
  region: needed(
    REGION_CODE,
    'A known region of the cloud, one of clouds.NAME.regions, or any name together with lat and lon.',
  ),
  url: needed(
    endpointUrl,
    'http or https, host, port (80 or 443 when left out), and a path put before that of requests.',
  ),
  public_url: optional(
    endpointUrl,
    'mode: redirect only: where clients reach it themselves; the path and query of a request are put behind it.',
  ),
  capacity: key(integer(1, 10_000_000), 100, 'Requests in flight that it is built for.'),
  weight: key(
    share,
    '100%',
    'Share of the requests that its score would give it: 5% for a canary. 0% gets none as long as another of its tier can.',
  ),
  tier: key(
    integer(1, TIERS_MAX),
    1,
    'A tier takes only what those with lower numbers cannot: 1 is active, 2 stands by.',
  ),
  overflow_max: optional(
    loadLevel,
    'Part of its capacity up to which it takes requests that are not its own; that of routing when left out.',
  ),
  set: optional(SET_NAME, 'Set of endpoints that it is in, for split.'),
  lat: optional(decimal(-90, 90), 'Degrees north; only together with lon. Overrides where the region is known to be.'),
  lon: optional(decimal(-180, 180), 'Degrees east; only together with lat.'),
  host: optional(
    ORIGIN_HOST,
    'Host that it is sent, in requests and health checks: client, upstream (that of its url) or a name; as the service says when left out.',
  ),
  country: optional(
    country,
    'Country that it stands in, where its region does not say it or says another; what fences go by.',
  ),
  resolve: key(
    oneOf(['auto', 'dns', 'srv', 'system']),
    'auto',
    "How the host's addresses are found: auto asks DNS, then the system's hosts file; srv follows SRV records.",
  ),
  expand: optional(
    EXPAND,
    'Whether each address of its name is an endpoint of its own, with this capacity: true for at most 16, or a number up to 64.',
  ),
  unless: optional(
    flagKey,
    'A flag of the fleet, such as flags/freeze: while it is on (true), the endpoint is never tried, as if it were drained.',
  ),
  protocol: key(
    oneOf(UPSTREAM_PROTOCOLS),
    'h1',
    'What is spoken with it: HTTP/1.1, HTTP/2 (h2 with https, h2c with http), or with https what it prefers (auto).',
  ),
  tls: under(UPSTREAM_TLS.schema),
  send_proxy: optional(
    oneOf(['off', ...SEND_PROXY]),
    'Version of the PROXY header that begins each connection to it, and tells who the client is; off: none; as the service says when left out.',
  ),
});
