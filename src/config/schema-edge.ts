import { accessSampling } from './access-sampling.ts';
import { duration } from './duration.ts';
import { hostName } from './host-name.ts';
import { trustedPeer } from './ipaddr.ts';
import { listenAddress } from './listen.ts';
import { decimal, either, integer, listOf, matching, oneOf, secret, text } from './scalars.ts';
import { CONNECTION_LIMIT } from './schema-limits.ts';
import { LISTEN_TLS, LISTENER } from './schema-listener.ts';
import { LOG_FORMATS } from './topology-log.ts';
import { block, key, listOfBlocks, needed, optional, under } from './zod-schema.ts';

/** Names of the admin listener. */
const HOSTS_MAX = 64;

/** Where clients and operators are listened to by default. */
export const EDGE_LISTEN = '0.0.0.0:8080';
export const ADMIN_LISTEN = '127.0.0.1:9901';

/** Letters, digits and what else a path has without being encoded; no query, no `;`, no `%`, so that there is one way to write it. */
const HEALTH_PATH = /^(?:\/[A-Za-z0-9._~!$&'()*+,=:@-]+){1,16}$/;

const PLACE = block('A point on the globe, in degrees.', {
  lat: needed(decimal(-90, 90), 'Degrees north; south is negative.'),
  lon: needed(decimal(-180, 180), 'Degrees east; west is negative.'),
});

/** `edge`: the listeners for clients, and where the edge stands. */
export const EDGE = block('The listeners for clients, and where the edge stands.', {
  id: optional(
    matching('letters, digits, ".", "_" and "-", at most 63', /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/),
    'Name of this edge in Via, logs and the fleet; unique among all edges that a request may pass. By default the host name with a random part.',
  ),
  region: optional(
    matching(
      'a cloud and a region such as aws/us-east-1',
      /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?\/[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/,
    ),
    'Where this edge stands, as cloud/region. Clients that cannot be located are taken to be here. Without region and place it is where the first endpoint is.',
  ),
  place: under(PLACE.schema, 'Where this edge stands, in degrees; overrides the coordinates of region.'),
  listen: key(
    listenAddress,
    EDGE_LISTEN,
    'Address and port for clients: host:port, :port (every IPv4 address) or [v6]:port; port 0 lets the system choose.',
  ),
  tls: under(LISTEN_TLS.schema),
  listeners: under(
    listOfBlocks(
      LISTENER.schema,
      'a list of listeners, each with listen',
      'Several listeners; listen and tls are the short form for one. At most 32.',
    ),
  ),
  workers: key(
    either(oneOf(['auto']), integer(1, 128)),
    'auto',
    'Edge threads; auto is one per core that the process may use.',
  ),
  trust_proxies: key(
    listOf(trustedPeer, 0, 256),
    [],
    'Peers whose X-Forwarded-* headers are believed: addresses, CIDRs, or loopback, linklocal, uniquelocal.',
  ),
  drain: key(
    duration({ min: '0s', max: '1h' }),
    '10s',
    'After SIGTERM and lame_duck, requests in flight are given this long to end.',
  ),
  lame_duck: key(
    duration({ min: '0s', max: '1h' }),
    '0s',
    'After SIGTERM it says that it is not ready, and goes on taking connections and answering for this long before it drains.',
  ),
  health_path: optional(
    matching('a path such as /edge-health, without query and not / alone', HEALTH_PATH),
    'GET and HEAD of this path, on the port for clients and for any host, are answered by the edge: 200 while it wants traffic, 503 otherwise. By default no path is.',
  ),
  connections: key(integer(1, 1_000_000), 10_000, 'Client connections per edge thread; further ones are refused.'),
  per_client: under(CONNECTION_LIMIT.schema),
  handshakes: key(
    integer(1, 100_000),
    1000,
    'TLS handshakes under way per edge thread; with one more, the oldest is given up. They are not counted in connections.',
  ),
  handshake_timeout: key(
    duration({ min: '100ms', max: '1m' }),
    '10s',
    'A TLS handshake must be complete within this time, however its bytes trickle in.',
  ),
  keep_alive: key(
    duration({ min: '1s', max: '1h' }),
    '75s',
    'An idle client connection is kept this long; longer than any load balancer in front keeps its own.',
  ),
  head_timeout: key(duration({ min: '100ms', max: '5m' }), '10s', 'A request head must be complete within this time.'),
  accelerator: key(
    oneOf(['on', 'off'], { true: 'on', yes: 'on', false: 'off', no: 'off' }),
    'on',
    'Whether plain HTTP/1.1 is forwarded by the wire engine; off leaves every request to the general engine. Changes speed, nothing else.',
  ),
  decision_headers: key(
    oneOf(['never', 'trusted', 'always']),
    'never',
    'Who sees in response headers why a request went where it went: nobody, trusted proxies, or everybody.',
  ),
});

/** `admin`: the second listener. */
export const ADMIN = block('The second listener: health, metrics and the API. Keep it private.', {
  listen: key(listenAddress, '127.0.0.1:9901', 'Address and port for operators; port 0 lets the system choose.'),
  token: key(
    secret('a text'),
    '',
    'Bearer token that everything but /livez, /readyz and /metrics needs. Empty: everybody may read, and POST is refused except from loopback. It is never printed.',
  ),
  hosts: key(
    listOf(hostName, 0, HOSTS_MAX),
    [],
    'Names under which this listener is asked when there is no token, beside its addresses, localhost and the host of listen. Requests with another name in Host are refused, since a web page could have sent them.',
  ),
});

/** `geo`: where clients are. */
export const GEO = block('How client addresses become places.', {
  database: key(
    text('builtin, or the path of a MaxMind-format database'),
    'builtin',
    'builtin, or the path of a MaxMind-format City or Country database; swapped in when the file changes.',
  ),
});

/** `log`: what is written to standard output. */
export const LOG = block('What is written to standard output.', {
  level: key(
    oneOf(['debug', 'info', 'warn', 'error', 'silent'], {
      warning: 'warn',
      trace: 'debug',
      off: 'silent',
      none: 'silent',
      fatal: 'error',
    }),
    'info',
    'The least severe line that is written; silent writes none, nor the access log.',
  ),
  format: key(
    oneOf(LOG_FORMATS, { text: 'logfmt', apache: 'combined', nginx: 'combined', common: 'combined', clf: 'combined' }),
    'json',
    'How lines are written: json and logfmt have every field; combined is the access log of Apache and nginx for requests, and logfmt on standard error for the rest.',
  ),
  access: key(
    accessSampling,
    true,
    'Whether every request is logged, with the decision that was made for it, or which: { sample: 1%, always: [errors, failovers, slow], slow: 1s }; whatever level says, unless that is silent.',
  ),
});
