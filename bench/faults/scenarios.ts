import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchEndpoint } from '../rig/config.ts';
import { configOf } from '../rig/config.ts';
import type { EdgeProcess } from '../rig/edge.ts';
import type { OriginFleet } from './fleet.ts';

export type Scene = { readonly fleet: OriginFleet; readonly edge: EdgeProcess };

export type Scenario = {
  readonly key: string;
  readonly name: string;
  readonly clouds: readonly BenchEndpoint['cloud'][];
  readonly postsPerSecond: number;
  /** What goes wrong, and when. Runs beside the load. */
  readonly trouble: (scene: Scene) => Promise<void>;
};

/** When the trouble begins, and how long the load goes on. */
export const TROUBLE_MS = 5000;
export const SECONDS = 20;

const ONE_EACH = ['aws', 'gcp', 'azure'] as const;
const RELOAD_MS = 1000;
/** A rolling restart gives each origin this long to be away and this long to be back. */
const AWAY_MS = 1000;
const BACK_MS = 3000;
/** A flapping origin is away, and back, for this long. */
const FLAP_MS = 500;
const FLAPS = 12;

export const SCENARIOS: readonly Scenario[] = [
  {
    key: 'kill',
    name: 'one endpoint killed, and it stays dead',
    clouds: ONE_EACH,
    postsPerSecond: 50,
    trouble: async ({ fleet }) => {
      await sleep(TROUBLE_MS);
      fleet.signal(0, 'SIGKILL');
    },
  },
  {
    key: 'cloud',
    name: 'a whole cloud killed (two endpoints of four)',
    clouds: ['aws', 'aws', 'gcp', 'azure'],
    postsPerSecond: 50,
    trouble: async ({ fleet }) => {
      await sleep(TROUBLE_MS);
      for (const i of fleet.on('aws')) fleet.signal(i, 'SIGKILL');
    },
  },
  {
    key: 'hang',
    name: 'one endpoint hangs: it accepts and never answers',
    clouds: ONE_EACH,
    postsPerSecond: 50,
    trouble: async ({ fleet }) => {
      await sleep(TROUBLE_MS);
      fleet.signal(0, 'SIGSTOP');
      await sleep(SECONDS * 1000 - TROUBLE_MS);
      fleet.signal(0, 'SIGCONT');
    },
  },
  {
    key: 'rolling',
    name: 'all endpoints restarted, one after the other',
    clouds: ONE_EACH,
    postsPerSecond: 50,
    trouble: async ({ fleet }) => {
      await sleep(TROUBLE_MS - BACK_MS);
      for (const i of fleet.endpoints.keys()) {
        await sleep(BACK_MS);
        fleet.signal(i, 'SIGTERM');
        await sleep(AWAY_MS);
        await fleet.restart(i);
      }
    },
  },
  {
    key: 'flap',
    name: 'one endpoint comes and goes every half second',
    clouds: ONE_EACH,
    postsPerSecond: 50,
    trouble: async ({ fleet }) => {
      await sleep(TROUBLE_MS);
      for (let flap = 0; flap < FLAPS; flap += 1) {
        fleet.signal(0, 'SIGKILL');
        await sleep(FLAP_MS);
        await fleet.restart(0);
        await sleep(FLAP_MS);
      }
    },
  },
  {
    key: 'reload',
    name: 'the file rewritten every second, one endpoint dead',
    clouds: ONE_EACH,
    postsPerSecond: 0,
    trouble: async ({ fleet, edge }) => {
      for (let second = 1; second < SECONDS; second += 1) {
        await sleep(RELOAD_MS);
        if (second * RELOAD_MS === TROUBLE_MS) fleet.signal(0, 'SIGKILL');
        edge.configure(configOf(fleet.endpoints, `routing: { band: 0.0${10 + second} }`));
      }
    },
  },
  {
    key: 'members',
    name: 'every second the file loses an endpoint or gets it back',
    clouds: ONE_EACH,
    postsPerSecond: 50,
    trouble: async ({ fleet, edge }) => {
      for (let second = 1; second < SECONDS; second += 1) {
        await sleep(RELOAD_MS);
        edge.configure(configOf(second % 2 === 0 ? fleet.endpoints : fleet.endpoints.slice(1)));
      }
    },
  },
];
