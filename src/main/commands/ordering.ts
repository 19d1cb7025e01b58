import { type CommandShape, EDGE_OPTIONS, JSON_OPTION } from '../command-shape.ts';

const SCOPE_NOTE = 'WHERE is gcp/europe-west1, --cloud azure or --endpoint ID, the first two also with --service S.';
const ACTOR_NOTE = 'Orders are signed with your user name, or with --actor NAME.';

const ORDER_OPTIONS = {
  cloud: { type: 'string', value: 'CLOUD', about: 'a whole cloud: aws, gcp, azure or one of the file' },
  endpoint: { type: 'string', value: 'ID', about: 'one endpoint, as meridian status shows it' },
  service: { type: 'string', value: 'NAME', about: 'of this service only' },
  reason: { type: 'string', value: 'TEXT', about: 'why, for those who come across it' },
  for: { type: 'string', value: 'TIME', about: 'lifted by itself after this time, such as 30m or 1h' },
  actor: { type: 'string', value: 'NAME', about: 'who says so' },
  force: { type: 'boolean', about: 'also if nothing is left to send to' },
  ...EDGE_OPTIONS,
  json: JSON_OPTION,
} as const;

export const DRAIN = {
  name: 'drain',
  about: 'send nothing to a region, a cloud or an endpoint',
  takes: 'WHERE',
  options: ORDER_OPTIONS,
  notes: [SCOPE_NOTE, ACTOR_NOTE],
  examples: ['meridian drain gcp/europe-west1 --for 1h --reason "maintenance"'],
} as const satisfies CommandShape;

export const UNDRAIN = {
  name: 'undrain',
  about: 'send to it again',
  takes: 'WHERE',
  options: ORDER_OPTIONS,
  notes: [SCOPE_NOTE, ACTOR_NOTE],
  examples: ['meridian undrain gcp/europe-west1'],
} as const satisfies CommandShape;

export const WEIGHT = {
  name: 'weight',
  about: 'leave an endpoint, region or cloud this share of its requests, 0.1 or 10%; 1 lifts it',
  takes: 'WHERE SHARE',
  options: ORDER_OPTIONS,
  notes: [SCOPE_NOTE, ACTOR_NOTE],
  examples: [
    'meridian weight gcp/europe-west1 0.1 --reason "a new version"',
    'meridian weight gcp/europe-west1 1 --reason "it is good"',
  ],
} as const satisfies CommandShape;

export const CAPACITY = {
  name: 'capacity',
  about: 'take it to be built for so many requests in flight; "configured" lifts it',
  takes: 'WHERE COUNT',
  options: ORDER_OPTIONS,
  notes: [SCOPE_NOTE, ACTOR_NOTE],
  examples: [
    'meridian capacity --endpoint shop/gcp/europe-west1/10.1.0.1:8080 200 --reason "half of the machines"',
    'meridian capacity --endpoint shop/gcp/europe-west1/10.1.0.1:8080 configured --reason "all are back"',
  ],
} as const satisfies CommandShape;

const VALUE_OPTIONS = {
  consistency: {
    type: 'string',
    value: 'WORD',
    about: 'eventual or strong; refused when the file says otherwise of the key',
  },
  'if-version': { type: 'string', value: 'VERSION', about: 'only if it has this version; * is any' },
  actor: { type: 'string', value: 'NAME', about: 'who says so' },
  ...EDGE_OPTIONS,
  json: JSON_OPTION,
} as const;

export const FLEET_SET = {
  name: 'fleet set',
  about: 'keep a value in the fleet: JSON, or else a text',
  takes: 'KEY VALUE',
  options: {
    add: { type: 'string', value: 'NUMBER', about: 'count on, in place of a value; for counters' },
    'if-absent': { type: 'boolean', about: 'only if it is not there' },
    ...VALUE_OPTIONS,
  },
  notes: [ACTOR_NOTE],
  examples: ['meridian fleet set flags/beta-on true', 'meridian fleet set flags/greeting hello --if-absent'],
} as const satisfies CommandShape;

export const FLEET_DELETE = {
  name: 'fleet delete',
  about: 'remove a value from the fleet',
  takes: 'KEY',
  options: VALUE_OPTIONS,
  notes: [ACTOR_NOTE],
  examples: ['meridian fleet delete flags/beta-on'],
} as const satisfies CommandShape;

export const CHAOS_START = {
  name: 'chaos start',
  about: 'start an experiment: one that the file defines, or one that these options define',
  takes: 'NAME',
  options: {
    kind: { type: 'string', value: 'KIND', about: 'latency, failure or partial' },
    radius: { type: 'string', value: 'SHARE', about: 'of the requests in its scope that it touches, such as 5%' },
    for: { type: 'string', value: 'TIME', about: 'it stops by itself after this time; 5m' },
    delay: { type: 'string', value: 'TIME', about: 'of latency: what each try waits' },
    answer: { type: 'string', value: 'ANSWER', about: 'of failure: a status, reset or refused; 503' },
    'error-rate': { type: 'string', value: 'SHARE', about: 'of failure: of the touched requests that fail; all' },
    keep: { type: 'string', value: 'SHARE', about: 'of partial: what is left of an answer' },
    service: { type: 'string', value: 'NAME', about: 'only this service' },
    cloud: { type: 'string', value: 'CLOUD', about: 'only this cloud' },
    region: { type: 'string', value: 'REGION', about: 'only this region' },
    endpoint: { type: 'string', value: 'ID', about: 'only this endpoint' },
    priority: { type: 'string', value: 'NAME', about: 'only requests with this routing priority' },
    'health-checks': { type: 'boolean', about: 'touch health checks too' },
    fleet: { type: 'boolean', about: 'on every edge of the fleet' },
    ...EDGE_OPTIONS,
    json: JSON_OPTION,
  },
  examples: ['meridian chaos start slow-gcp --kind latency --delay 300ms --radius 5% --for 2m --cloud gcp'],
} as const satisfies CommandShape;

export const CHAOS_STOP = {
  name: 'chaos stop',
  about: 'stop an experiment, or with --all every one',
  takes: 'NAME',
  options: {
    all: { type: 'boolean', about: 'every one that runs' },
    ...EDGE_OPTIONS,
    json: JSON_OPTION,
  },
  examples: ['meridian chaos stop slow-gcp', 'meridian chaos stop --all'],
} as const satisfies CommandShape;

export const PURGE = {
  name: 'purge',
  about: 'have every edge thread forget the copies that it keeps of answers of a service',
  takes: 'SERVICE',
  options: {
    url: { type: 'string', value: 'URL', about: 'the copies of this URL' },
    prefix: { type: 'string', value: 'URL', about: 'the copies of all URLs that begin so' },
    all: { type: 'boolean', about: 'all copies of the service' },
    ...EDGE_OPTIONS,
    json: JSON_OPTION,
  },
  examples: ['meridian purge shop --url https://shop.example.com/a', 'meridian purge shop --all'],
} as const satisfies CommandShape;
