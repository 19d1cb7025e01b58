import { clientsOf } from '../../src/fleet/client-text.ts';
import type {
  Heard,
  Poll,
  Polled,
  Publish,
  RegionStore,
  Swapped,
  Tell,
  TellReply,
} from '../../src/fleet/region-store.ts';
import type { Simulation } from './simulation.ts';

/** Share of a store's reply time that is not the way there and back. */
const WORK_MS = 0.5;

/** The server of a fleet region, as the scripts of src/fleet/redis-scripts.ts make it behave for what edges see of endpoints. */
export class StoreServer {
  readonly reports = new Map<string, string>();
  readonly counted = new Map<string, string>();
  /** By region: number and text, as one. */
  readonly digests = new Map<string, string>();
  readonly texts = new Map<string, string>();
  #keeper = '';
  #keptUntilMs = 0;

  tell({ edge, text, names, known }: Tell): TellReply {
    this.reports.set(edge, text);
    if (names.text !== undefined) this.texts.set(names.hash, names.text);
    const news = [...this.digests].filter(([region, digest]) => known[region] !== digest.slice(0, digest.indexOf(' ')));
    return { wantsNames: !this.texts.has(names.hash), counted: this.counted.get(edge) ?? '', digests: news };
  }

  publish({ region, number, text, clients, names, counted, forget }: Publish): readonly string[] {
    this.digests.set(region, `${number} ${text}`);
    if (clients === '') this.digests.delete(clientsOf(region));
    else this.digests.set(clientsOf(region), `${number} ${clients}`);
    for (const { hash, text: known } of names) if (known !== undefined) this.texts.set(hash, known);
    for (const edge of forget) {
      this.reports.delete(edge);
      this.counted.delete(edge);
    }
    for (const [edge, of] of Object.entries(counted ?? {})) this.counted.set(edge, of);
    return names.flatMap(({ hash }) => (this.texts.has(hash) ? [] : [hash]));
  }

  poll({ lease }: Poll, nowMs: number): Polled {
    if (lease !== undefined && (this.#keeper === lease.edge || this.#keptUntilMs <= nowMs)) {
      this.#keeper = lease.edge;
      this.#keptUntilMs = nowMs + lease.ms;
    }
    const keeper = this.#keptUntilMs > nowMs ? this.#keeper : '';
    return { life: '1', changes: [], after: 0, more: false, keeper, refused: '' };
  }
}

/** An edge's way to such a server, which takes half of `rttMs` in each direction. No operator says anything in these worlds. */
export function storeBehind(server: StoreServer, world: Simulation, rttMs: number): RegionStore {
  const call = async <T>(run: () => T): Promise<T> => {
    const ms = world.jittered(rttMs) + WORK_MS;
    await passing(world, ms / 2);
    const reply = run();
    await passing(world, ms / 2);
    return reply;
  };
  return {
    start: (heard: Heard) => heard.moved(),
    close: async () => {},
    isConnected: () => true,
    trouble: () => '',
    listen: () => {},
    poll: (ask) => call(() => server.poll(ask, world.nowMs)),
    swap: async (): Promise<readonly Swapped[]> => {
      throw new Error('no records in these worlds');
    },
    tell: (tell) => call(() => server.tell(tell)),
    gather: () => call(() => [...server.reports]),
    names: (hashes) => call(() => hashes.map((hash) => server.texts.get(hash))),
    claim: async () => [],
    publish: (publish) => call(() => server.publish(publish)),
  };
}

/** Resolves after `ms` of the world's time. */
export function passing(world: Simulation, ms: number): Promise<void> {
  return new Promise((resolve) => {
    world.callAndSettle(world.nowMs + ms, resolve);
  });
}
