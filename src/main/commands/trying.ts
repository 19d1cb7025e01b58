import { CONFIG, type CommandShape, JSON_OPTION } from '../command-shape.ts';

const TARGET_NOTE = 'WHAT is a region (gcp/europe-west1) or a cloud (gcp) of the demo that runs in another terminal.';

export const DEMO = {
  name: 'demo',
  about: 'try it out: six regional origins, an edge in front of them and clients, all on this machine',
  options: {
    for: { type: 'string', value: 'TIME', about: 'end after this time, with a summary; without it: q or Ctrl-C' },
    port: {
      type: 'string',
      value: 'N',
      about: 'use the ports N to N+7: the edge, its admin port, the origins; 0 (default) takes free ones',
    },
    rate: { type: 'string', value: 'N', about: "requests a second of the demo's own clients, 1 to 1000; 60" },
  },
  examples: ['meridian demo --for 2s'],
} as const satisfies CommandShape;

export const DEMO_KILL = {
  name: 'demo kill',
  about: 'have a region of the demo refuse connections',
  takes: 'WHAT',
  options: {},
  notes: [TARGET_NOTE],
  examples: ['meridian demo kill gcp/europe-west1'],
} as const satisfies CommandShape;

export const DEMO_REVIVE = {
  name: 'demo revive',
  about: 'have it answer again',
  takes: 'WHAT',
  options: {},
  notes: [TARGET_NOTE],
  examples: ['meridian demo revive gcp'],
} as const satisfies CommandShape;

export const DEMO_HANG = {
  name: 'demo hang',
  about: 'have it accept connections and never answer',
  takes: 'WHAT',
  options: {},
  notes: [TARGET_NOTE],
  examples: ['meridian demo hang aws/us-east-1'],
} as const satisfies CommandShape;

export const DEMO_ORIGIN = {
  name: 'demo origin',
  about: 'run one origin alone',
  options: {
    cloud: { type: 'string', value: 'CLOUD', about: 'aws, gcp or azure' },
    region: { type: 'string', value: 'REGION', about: 'its region, such as us-east-1' },
    listen: { type: 'string', value: 'ADDRESS', about: 'where it listens' },
    delay: { type: 'string', value: 'TIME', about: 'what each answer waits; 0ms' },
  },
  examples: ['meridian demo origin --cloud aws --region us-east-1 --listen 127.0.0.1:0 --delay 80ms'],
} as const satisfies CommandShape;

export const GAMEDAY = {
  name: 'gameday',
  about:
    "run a scripted failure against the demo's origins and count what clients notice; exit 1 if its goal was missed",
  takes: 'FILE',
  options: {
    speed: { type: 'string', value: 'N', about: "divide the script's times by this, 1 to 20" },
    json: JSON_OPTION,
  },
  examples: ['meridian gameday region-down.yaml --speed 20'],
} as const satisfies CommandShape;

export const GEO_UPDATE = {
  name: 'geo update',
  about: 'put a newer .mmdb (or .mmdb.gz, or the folder of a package) in the place of the one in use',
  takes: 'FROM',
  options: {
    config: { ...CONFIG, about: 'in the place of the one that this configuration names' },
    to: {
      type: 'string',
      value: 'FILE',
      about: 'in the place of this one; without either: of the one that comes along',
    },
    force: { type: 'boolean', about: 'also if it is older' },
  },
  examples: ['meridian geo update dbip-country-lite.mmdb --to in-use.mmdb'],
} as const satisfies CommandShape;
