import { duration } from './duration.ts';
import { integer, matching, oneOf, text } from './scalars.ts';
import { secretUrl } from './secret-url.ts';
import { size } from './size.ts';
import { CONSISTENCIES, type Consistency, VALUE_MERGES, type ValueMerge } from './topology-values.ts';
import { block, key, mapOf, type Node, needed, optional, under } from './zod-schema.ts';

const URL_EXPECTED = 'a URL such as redis://10.0.0.9:6379 or rediss://user:password@redis.example.com:6380';

/** Where the store of a region is. It holds a password as a rule. */
const storeUrl = secretUrl(URL_EXPECTED, problemOf);

function problemOf(url: URL): string | undefined {
  if (!/^rediss?:$/.test(url.protocol)) return 'has another scheme than redis and rediss';
  if (url.hostname === '') return 'has no host';
  if (url.search !== '' || url.hash !== '') return 'may have no "?" and no "#"; in a password write %3F and %23';
  return /^\/?\d{0,3}$/.test(url.pathname) ? undefined : 'may have no path but the number of a database';
}

/** Names of regions are metric labels, so they stay short and plain. */
const REGION_NAME = matching('letters, digits, ".", "_" and "-", at most 63', /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/);

/** `fleet.regions.NAME`. */
const FLEET_REGION = block('The store of one region.', {
  url: needed(storeUrl, 'Redis server of that region; rediss is with TLS. It is never printed.'),
  ca: optional(
    text('the path of a PEM file'),
    "rediss only: PEM file of authorities that are trusted beside the system's; read at start.",
  ),
});

/** The beginning of a key of `fleet.merge` and `fleet.consistency`. */
const KEY_PREFIX = matching(
  'the beginning of a key, such as flags/: letters, digits and . _ ~ : @ - with a / between them',
  /^(?:[A-Za-z0-9][\w.~:@-]*(?:\/[\w.~:@-]+)*\/?)?$/,
);

const VALUE_MERGE = needed(
  oneOf(VALUE_MERGES, {
    latest: 'newest',
    last: 'newest',
    sum: 'counter',
    set: 'union',
    min: 'lowest',
    max: 'highest',
  }),
  'How two values are brought together that were written without having heard of each other.',
);

const CONSISTENCY = needed(
  oneOf(CONSISTENCIES, { weak: 'eventual', quorum: 'strong', majority: 'strong' }),
  'eventual: the region of the edge that is asked has it, the others follow; strong: most regions agree on it.',
);

/** `fleet.values`. */
export const FLEET_VALUES = block('How much users may keep in the fleet (GET, PUT and DELETE /fleet/values).', {
  keys: key(integer(1, 10_000), 1000, 'Keys, those included that were deleted within tombstones.'),
  bytes: key(
    size('64MiB'),
    '1MiB',
    'Bytes of all keys and values together; every edge and every store holds them all.',
  ),
  rate: key(integer(1, 10_000), 50, 'Writes that one edge takes in a second, and as many at once after a pause.'),
  tombstones: key(
    duration({ min: '1m', max: '720h' }),
    '24h',
    'How long a deletion is remembered; an edge or a store that was away for longer may bring back what was deleted.',
  ),
});

/** `fleet`: what edges share. */
export const FLEET = block('State that several edges share: what operators decided, and what each edge sees.', {
  store: needed(
    oneOf(['redis', 'sqlite', 'memory'], { valkey: 'redis', file: 'sqlite', none: 'memory' }),
    'redis: one server per region, for several edges; sqlite: a file, for an edge that is alone; memory: nothing outlives a restart.',
  ),
  path: optional(text('the path of a file'), 'sqlite only: the file.'),
  region: optional(
    REGION_NAME,
    'Which of regions is the one of this edge, whose store is its primary; the region of edge.region when left out.',
  ),
  regions: under(mapOf(REGION_NAME, FLEET_REGION.schema, 'redis only: the store of each region, by name; at most 64.')),
  prefix: key(
    matching('visible ASCII characters without spaces, at most 64', /^[\x21-\x7e]{1,64}$/),
    'meridian:',
    'Put before every key and channel, so that several fleets can share a server.',
  ),
  command_timeout: key(
    duration({ min: '10ms', max: '30s' }),
    '500ms',
    'A command to the primary is given up after this time.',
  ),
  replicate_timeout: key(
    duration({ min: '100ms', max: '1m' }),
    '5s',
    'A write to another region is given up after this time, and caught up later.',
  ),
  report: key(
    duration({ min: '100ms', max: '1m' }),
    '1s',
    'How often this edge tells what it has in flight and what it sees of the endpoints.',
  ),
  forget: key(
    duration({ min: '200ms', max: '10m' }),
    '5s',
    'What another edge reported is forgotten after this time; at least twice report.',
  ),
  edges: optional(
    integer(1, 1000),
    'How many edges there are: the part of a shared limit that an edge takes before it has heard any. As many as regions when left out.',
  ),
  compare: key(
    duration({ min: '500ms', max: '10m' }),
    '5s',
    'How often the regions are compared, so that nothing that failed to replicate stays missing.',
  ),
  merge: under(
    mapOf(
      KEY_PREFIX,
      VALUE_MERGE.schema as Node<ValueMerge>,
      'By the prefix of a key, how values of users are merged; newest where none fits.',
    ),
  ),
  consistency: under(
    mapOf(
      KEY_PREFIX,
      CONSISTENCY.schema as Node<Consistency>,
      'By the prefix of a key, eventual or strong; eventual where none fits. Strong needs three regions.',
    ),
  ),
  values: under(FLEET_VALUES.schema),
});
