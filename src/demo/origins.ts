import { Origin, type OriginState } from './origin.ts';
import type { DemoRegion } from './regions.ts';
import type { Target, Verb } from './target.ts';

/** The demo's origins, by `cloud/region`. */
export class Origins {
  readonly #origins: ReadonlyMap<string, Origin>;

  /** `portOf` gives the port of the nth; 0 lets the system choose. */
  constructor(regions: readonly DemoRegion[], portOf: (index: number) => number) {
    this.#origins = new Map(
      regions.map(({ id, cloud, region, place, rttMs }, index) => [
        id,
        new Origin({ cloud, region, place, host: '127.0.0.1', port: portOf(index), delayMs: rttMs }),
      ]),
    );
  }

  /** Starts all of them. When one cannot, none is left running. */
  async start(): Promise<void> {
    const all = [...this.#origins.values()];
    const started = await Promise.allSettled(all.map((origin) => origin.revive()));
    const failed = started.find((result) => result.status === 'rejected');
    if (failed === undefined) return;
    await this.stop();
    throw new Error(`an origin cannot listen: ${(failed.reason as Error).message}`, { cause: failed.reason });
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#origins.values()].map((origin) => origin.kill()));
  }

  ports(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#origins].map(([id, { port }]) => [id, port]));
  }

  states(): Readonly<Record<string, OriginState>> {
    return Object.fromEntries([...this.#origins].map(([id, { state }]) => [id, state]));
  }

  /** Does it to every region of the target; says in words what was done. Rejects when a port cannot be had again. */
  async apply(verb: Verb, target: Target): Promise<string> {
    const origins = [...this.#origins].filter(([id]) => target.ids.includes(id));
    await Promise.all(origins.map(([, origin]) => origin[verb]()));
    return `${target.name} ${DONE[verb]}`;
  }

  /** What a key does: everything of the target as it was if something of it is not running, or else `verb`. */
  toggle(verb: 'kill' | 'hang', target: Target): Promise<string> {
    const running = target.ids.some((id) => this.#origins.get(id)?.state === 'running');
    return this.apply(running ? verb : 'revive', target);
  }
}

const DONE: Readonly<Record<Verb, string>> = {
  kill: 'was stopped: connections are reset, new ones refused',
  revive: 'was revived',
  hang: 'hangs: it accepts requests and never answers',
};
