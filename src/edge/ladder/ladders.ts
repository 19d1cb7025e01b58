import type { Service, Topology } from '../../config/topology.ts';
import { type LadderDeps, ServiceLadder } from '../../degraded/service-ladder.ts';

/** Which copies to forget: those of one URL, of all that begin so, or all. */
export type Purge =
  | { readonly service: string; readonly url: string }
  | { readonly service: string; readonly prefix: string };

export type LaddersDeps = Pick<LadderDeps, 'threads' | 'wallMs'> & {
  readonly trouble: (service: string, error: string) => void;
};

/** The ladders of the services that ask for one, in this thread. */
export class Ladders {
  readonly #deps: LaddersDeps;
  readonly #ladders = new Map<string, ServiceLadder>();

  constructor(deps: LaddersDeps, topology: Topology) {
    this.#deps = deps;
    this.keepOnly(topology);
  }

  /** The ladder of a service; undefined when it has none. */
  of(service: Service): ServiceLadder | undefined {
    return service.degraded === undefined ? undefined : this.#ladders.get(service.name);
  }

  /** Makes the ladders of this topology; those that have not changed stay, and a changed one keeps its copies if it can. */
  keepOnly({ services }: Topology): void {
    const gone = new Set(this.#ladders.keys());
    for (const { name, degraded } of services) {
      if (degraded === undefined) continue;
      gone.delete(name);
      const before = this.#ladders.get(name);
      if (before !== undefined && JSON.stringify(before.policy) === JSON.stringify(degraded)) continue;
      const { threads, wallMs, trouble } = this.#deps;
      const deps = { threads, wallMs, trouble: (error: string) => trouble(name, error) };
      this.#ladders.set(name, new ServiceLadder(degraded, deps, before));
      void before?.close();
    }
    for (const name of gone) {
      void this.#ladders.get(name)?.close();
      this.#ladders.delete(name);
    }
  }

  purge(purge: Purge): void {
    const ladder = this.#ladders.get(purge.service);
    if ('url' in purge) ladder?.remove(purge.url);
    else ladder?.purge(purge.prefix);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#ladders.values()].map((ladder) => ladder.close()));
    this.#ladders.clear();
  }
}
