import { authorityKind } from './authority-kind.ts';
import { CLOUD, CLOUDS_NAMED_MAX } from './cloud-kind.ts';
import { duration } from './duration.ts';
import { type Kind, mustBe, right, wrong } from './kind.ts';
import { loadLevel } from './load-level.ts';
import { decimal, either, integer, listOf, matching, oneOf } from './scalars.ts';
import { share } from './share.ts';
import { size } from './size.ts';
import { statusRanges } from './status-ranges.ts';
import { block, key, mapOf, mapOfValues, needed, optional, under } from './zod-schema.ts';

const WEIGHT = 'Share of this factor, 0 to 1; the four sum to 1.';

/** One of `routing.priorities`. */
export const WEIGHTS = block('Shares of the four factors of a score; they sum to 1.', {
  latency: needed(decimal(0, 1), WEIGHT),
  capacity: needed(decimal(0, 1), WEIGHT),
  health: needed(decimal(0, 1), WEIGHT),
  diversity: needed(decimal(0, 1), WEIGHT),
});

/** Names of weights, as a request's header has them. */
export const PRIORITY_NAME = matching(
  'lower-case letters, digits, "_" and "-", at most 32',
  /^[a-z0-9][a-z0-9_-]{0,31}$/,
);

/** RFC 9110 tokens, in lower case because header names are compared that way. */
export const HEADER: Kind<string> = {
  expected: 'the name of a request header',
  json: { type: 'string', pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$" },
  read(value) {
    if (typeof value !== 'string' || !/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/.test(value)) {
      return wrong(mustBe('the name of a request header', value));
    }
    return right(value.toLowerCase());
  },
};

/** `routing.cloud_weights`. */
const CLOUD_WEIGHTS = mapOfValues(
  CLOUD,
  share,
  'Share of the requests that scores would give the endpoints of a cloud, by its name, 100% when left out; times the weight of each of them.',
);

const LOAD_METRIC = /^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/;

/** `routing`: how the best endpoint is found. */
export const ROUTING = block('How the best endpoint for a request is found.', {
  header: key(HEADER, 'routing-priority', 'Request header that picks the weights by name.'),
  default_priority: key(
    PRIORITY_NAME,
    'balanced',
    'Weights of a request that asks for none: latency, reliability, balanced, or one of priorities.',
  ),
  select: key(
    oneOf(['best', 'weighted', 'optimal']),
    'best',
    'best takes the highest score; weighted draws by 1 / (latency_ms + 1); optimal assigns the requests of each second as a whole, such that ways and waits are the least in sum.',
  ),
  latency_from: key(
    oneOf(['auto', 'client', 'edge']),
    'auto',
    'edge takes the round trips that this edge measures, client estimates client to endpoint; auto is edge where edge.region or edge.place says where the edge stands, else client.',
  ),
  curve: key(
    oneOf(['linear', 'decay']),
    'linear',
    'Latency to factor: linear is max(0, 1 - ms/200); decay is 10 ms 1.0, 50 0.6, 100 0.4, 200 0.2.',
  ),
  load: key(
    oneOf(['counted', 'reported']),
    'counted',
    'What capacity is judged by: counted takes the requests in flight; reported takes also what endpoints say of their load in endpoint-load-metrics (ORCA) or X-Endpoint-Load, which clients do not see.',
  ),
  load_metric: key(
    matching('auto, or the name of a metric such as cpu_utilization or named_metrics.queue', LOAD_METRIC),
    'auto',
    'Which metric of endpoint-load-metrics is the load, 1 being full; auto is application_utilization, else cpu_utilization, else X-Endpoint-Load.',
  ),
  band: key(decimal(0, 1), 0.01, 'Scores within this distance of the best are a tie and are spread.'),
  failover: key(
    either(oneOf(['score']), listOf(CLOUD, 1, CLOUDS_NAMED_MAX)),
    'score',
    'Where a failed request goes next: score is the next best, another cloud first; a list is a fixed order of clouds.',
  ),
  priorities: under(
    mapOf(
      PRIORITY_NAME,
      WEIGHTS.schema,
      'Weights by name, added to or instead of latency, reliability and balanced; at most 32 in all.',
    ),
  ),
  spill_at: key(
    loadLevel,
    'off',
    'Part of its capacity from which an endpoint goes behind those that have room, in its tier and the next.',
  ),
  overflow_max: key(
    loadLevel,
    'off',
    'Part of its capacity up to which an endpoint takes requests of another tier, or that are clearly nearer to another.',
  ),
  shed_at: key(
    loadLevel,
    'off',
    'Part of its capacity from which an endpoint gets nothing more; when all are there, clients get 503 with Retry-After.',
  ),
  in_flight_max: key(
    oneOf(['off', 'learned']),
    'off',
    'learned: each endpoint gets no more than it was found to work on at a time, by how latency grows; when all have as much, clients get 503.',
  ),
  panic_below: key(
    share,
    0,
    'Health is disregarded when no tier has this share of its capacity healthy: what seems well gets its part and not everything. 0 is never.',
  ),
  cloud_weights: under(CLOUD_WEIGHTS),
  health_floor: key(share, 0.5, 'Endpoints whose health is below are skipped.'),
  diversity_half_life: key(
    duration({ min: '1s', max: '1h' }),
    '10s',
    "Half-life of the window over which a cloud's share of requests is taken.",
  ),
  ramp: key(
    duration({ min: '0s', max: '1h' }),
    '10s',
    'A returning endpoint is given a share of requests that rises from a fiftieth to all of them in this time; 0s is off.',
  ),
});

/** `health`: how endpoints are checked. */
export const HEALTH = block('How endpoints are checked.', {
  interval: key(duration({ min: '100ms', max: '1h' }), '10s', 'Time between checks of an endpoint.'),
  timeout: key(duration({ min: '10ms', max: '5m' }), '2s', 'A check that takes longer has failed; at most interval.'),
  path: key(
    matching('a path that begins with "/", without spaces and "#"', /^\/[^\s#]{0,2047}$/),
    '/healthz',
    'Path that is asked for.',
  ),
  grpc: optional(
    matching('the name of a gRPC service, or "" for the server as a whole', /^[A-Za-z0-9_.]{0,127}$/),
    'Asks by the gRPC health protocol instead of a GET: the name of a service, "" for the server as a whole. For endpoints that speak HTTP/2.',
  ),
  host: optional(
    authorityKind,
    "Host header of a check; that of requests when left out, and the url's where that is the client's.",
  ),
  expect: key(
    statusRanges,
    '200-399',
    'Statuses that count as reachable: 200, 200-399, 200-299,404 or a list of these.',
  ),
  rise: key(integer(1, 100), 2, 'Consecutive good checks before an endpoint that was down is up.'),
  fall: key(integer(1, 100), 2, 'Consecutive bad checks before an endpoint is down.'),
  latency_limit: key(
    duration({ min: '1ms', max: '5m' }),
    '1s',
    'A latency above is degraded; the latency check falls from 1 to 0 up to it.',
  ),
  degraded_error_rate: key(share, 0.01, 'An error rate above is degraded.'),
  unhealthy_error_rate: key(share, 0.1, 'An error rate above is unhealthy.'),
});

/** `breakers`: when an endpoint or a cloud is left alone. */
export const BREAKERS = block('When an endpoint or a cloud that fails is left alone.', {
  failures: key(integer(1, 255), 5, 'Consecutive failures that open a closed breaker.'),
  successes: key(integer(1, 255), 2, 'Consecutive successes that close a half-open one.'),
  open_for: key(duration({ min: '100ms', max: '1h' }), '60s', 'An open breaker lets nothing through for this long.'),
  probes: key(integer(1, 63), 3, 'Requests that may try a half-open one at a time.'),
});

/** `retries`: when a request is sent again. */
export const RETRIES = block('When a failed request is sent to another endpoint.', {
  attempts: key(integer(1, 10), 3, 'Attempts of one request in all, the first included; 1 is no retry.'),
  budget: key(share, '20%', 'Retries as a share of requests over the last ten seconds.'),
  budget_floor: key(
    decimal(0, 10_000),
    10,
    'Retries a second on top of the budget, so that a quiet service can fail over too.',
  ),
  buffer: key(size('64MiB'), '64KiB', 'A request body up to this size is kept for a second attempt; 0 keeps none.'),
  statuses: key(
    listOf(integer(400, 599), 0, 32),
    [500, 502, 503, 504],
    'Answers with these statuses are tried elsewhere when the method is idempotent.',
  ),
  retry_after_max: key(
    duration({ min: '0s', max: '1h' }),
    '60s',
    'An endpoint that keeps refusing with Retry-After is left alone for as long as it asks, at most this long; 0s is off.',
  ),
});

/** A request of another method is never sent twice at all. */
const PATIENT_METHODS = ['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE', 'PROPFIND', 'SEARCH', 'REPORT'] as const;

/** `timeouts`: how long an endpoint may take. */
export const TIMEOUTS = block('How long an endpoint may take.', {
  connect: key(duration({ min: '10ms', max: '5m' }), '1s', 'To connect, TLS included.'),
  first_byte: key(
    duration({ min: '10ms', max: '1h' }),
    '15s',
    'From the request sent to the first byte of the answer.',
  ),
  patience: key(
    either(oneOf(['auto', 'off']), duration({ min: '10ms', max: '1h' })),
    'auto',
    "How long a request that can go elsewhere waits for a first byte; auto follows the endpoint's own latency.",
  ),
  patience_methods: key(
    listOf(oneOf(PATIENT_METHODS), 0, PATIENT_METHODS.length),
    ['GET', 'HEAD', 'OPTIONS'],
    'Methods that patience is for: their requests may be under way at two endpoints at once. Others wait for first_byte.',
  ),
  request: key(
    either(oneOf(['off']), duration({ min: '10ms', max: '24h' })),
    'off',
    'From the head of a request to the end of its answer, over all tries: then the client gets 504, and what is under way is cancelled.',
  ),
  request_header: optional(HEADER, 'Field that tells endpoints how many milliseconds are left, anew with each try.'),
  request_header_from: key(
    oneOf(['never', 'trusted', 'always']),
    'never',
    'Whose own value of request_header holds, where that is shorter: nobody’s, that of trusted proxies, or everybody’s.',
  ),
  connection_age: key(
    duration({ min: '1s', max: '24h' }),
    '5m',
    'An upstream connection that is older takes no more requests; each lasts up to a fifth less, by chance.',
  ),
  idle: key(
    duration({ min: '1s', max: '24h' }),
    '60s',
    'A body or upstream connection on which nothing moves is closed.',
  ),
  stream: key(
    duration({ min: '1s', max: '24h' }),
    '5m',
    'A stream on which nothing moves in either direction is closed: a WebSocket, another upgrade, server-sent events, a call of gRPC.',
  ),
});
