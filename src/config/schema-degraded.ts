import { CLOUD } from './cloud-kind.ts';
import { country } from './country-kind.ts';
import { duration } from './duration.ts';
import { endpointUrl } from './endpoint-url.ts';
import { type Kind, wrong } from './kind.ts';
import { integer, listOf, matching, oneOf, text } from './scalars.ts';
import { REGION_CODE } from './schema-clouds.ts';
import { size } from './size.ts';
import { block, key, listOfBlocks, needed, optional, under } from './zod-schema.ts';

/** Fallback backends of one service: each may cost its whole timeout before the next is asked. */
export const FALLBACKS_MAX = 8;

/** Fields besides Authorization and Cookie that tell who asks; more of them would be a list of everything. */
const CREDENTIAL_FIELDS_MAX = 64;

/**
 * Fields by which clients, gateways and identity proxies say who asks, as vendors name them. Authorization, Cookie and
 * Proxy-Authorization always count.
 */
export const CREDENTIAL_FIELDS: readonly string[] = [
  'Api-Key',
  'ApiKey',
  'X-Api-Key',
  'X-Api-Token',
  'X-Auth',
  'X-Auth-Key',
  'X-Auth-Token',
  'X-Authorization',
  'Access-Token',
  'Auth-Token',
  'Token',
  'X-Access-Key',
  'X-Access-Token',
  'X-Gitlab-Token',
  'X-Hasura-Admin-Secret',
  'X-Jwt-Assertion',
  'X-Secret',
  'X-Token',
  'Session-Id',
  'X-Session',
  'X-Session-Id',
  'X-Session-Token',
  'X-User',
  'X-User-Id',
  'X-User-Token',
  'X-Csrf-Token',
  'X-Xsrf-Token',
  'X-Client-Cert',
  'X-Ssl-Client-Cert',
  'X-Forwarded-Access-Token',
  'X-Forwarded-Client-Cert',
  'X-Forwarded-Email',
  'X-Forwarded-User',
  'X-Remote-User',
  'X-Amz-Security-Token',
  'X-Amzn-Oidc-Data',
  'X-Goog-Api-Key',
  'X-Goog-Iap-Jwt-Assertion',
  'X-Ms-Client-Principal',
  'X-Functions-Key',
  'Ocp-Apim-Subscription-Key',
  'Cf-Access-Jwt-Assertion',
  'X-Vault-Token',
  'X-Shopify-Access-Token',
  'Private-Token',
  'DPoP',
  'Signature',
];

const fieldName = matching('the name of a header field', /^[!#$%&'*+.^_`|~A-Za-z0-9-]{1,128}$/);

/** At least 1: a cache with room for nothing is said by leaving the block out. */
function limit(max: string): Kind<number> {
  const any = size(max);
  return {
    expected: `${any.expected}, and not 0`,
    json: any.json,
    read(value) {
      const read = any.read(value);
      return read.ok && read.value === 0
        ? wrong('must be more than 0; a cache that may keep nothing cannot help, so leave degraded out instead')
        : read;
    },
  };
}

/** `services.NAME.degraded.cache`. */
export const CACHE = block('Where copies of answers are kept, how many, and how long they serve.', {
  store: key(
    oneOf(['memory', 'sqlite']),
    'memory',
    'memory is shared out among the edge threads and empty after a restart; sqlite is one file that outlives it.',
  ),
  path: optional(text('the path of a file'), 'The file of store: sqlite; it is made when it is not there.'),
  bytes: key(limit('1024GiB'), '64MiB', 'Heads and bodies of all copies together, over all edge threads.'),
  entries: key(integer(1, 100_000_000), 10_000, 'Copies, over all edge threads.'),
  entry_bytes: key(limit('64MiB'), '1MiB', 'A larger answer is passed on and not kept.'),
  fresh_for: optional(
    duration({ min: '1ms', max: '24h' }),
    'Keeps answers that do not say for how long (Cache-Control, Expires), fresh for this time; without it they are not kept.',
  ),
  credential_fields: key(
    listOf(fieldName, 0, CREDENTIAL_FIELDS_MAX),
    CREDENTIAL_FIELDS,
    'Request fields that tell who asks, beside Authorization and Cookie; what they are answered is kept only if it is public. Replaces the default list.',
  ),
  stale_for: key(
    duration({ min: '0s', max: '720h' }),
    '10m',
    'A copy serves as a last resort for this long after it has become stale; 0s never.',
  ),
  stale_if_error: key(
    duration({ min: '0s', max: '720h' }),
    '0s',
    'When the endpoints fail, a copy this stale goes before the fallbacks; what the answer itself says goes first.',
  ),
  stale_while_revalidate: key(
    duration({ min: '0s', max: '720h' }),
    '0s',
    'When the endpoints are late, a copy this stale goes before the fallbacks; what the answer itself says goes first.',
  ),
});

/** One of `services.NAME.degraded.fallbacks`. */
export const FALLBACK = block('A backend outside the endpoints: a static site, another provider.', {
  url: needed(
    endpointUrl,
    'http or https, host, port (80 or 443 when left out), and a path put before that of requests.',
  ),
  name: optional(
    matching('letters, digits, ".", "_" and "-", at most 63', /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/),
    'Its name in Proxy-Status, unless edge.decision_headers is never; fallback-1, fallback-2, … when left out.',
  ),
  cloud: optional(
    CLOUD,
    'The cloud that it runs on, for fences; it is never asked for a client of a fence that does not admit it.',
  ),
  region: optional(REGION_CODE, 'The region that it runs in, for fences.'),
  country: optional(country, 'Country that it stands in, for fences; that of its region where this is known.'),
  timeout: key(duration({ min: '10ms', max: '1m' }), '200ms', 'It must have begun to answer within this time.'),
});

/** `services.NAME.degraded`. */
export const DEGRADED = block('What a GET gets when the endpoints are late or fail; off unless it is here.', {
  primary_timeout: key(
    duration({ min: '1ms', max: '1m' }),
    '100ms',
    'The endpoints must have begun to answer within this time; then the ladder begins.',
  ),
  wait: key(
    duration({ min: '0s', max: '5m' }),
    '1s',
    'With no copy and no fallback left, a late answer of the endpoints is waited for this long before the 503; 0s: not at all.',
  ),
  cache: under(CACHE.schema),
  fallbacks: under(
    listOfBlocks(
      FALLBACK.schema,
      'a list of backends, each with url and perhaps timeout',
      `Backends that are asked in this order; at most ${FALLBACKS_MAX}.`,
    ),
  ),
});
