import { runLoop } from '../table/loop.ts';
import type { ClientDemand } from './client-text.ts';
import { Digests } from './digests.ts';
import type { EdgeReport, FleetDigest, FleetStatus } from './fleet.ts';
import type { FleetDeps } from './fleet-deps.ts';
import { Gatherer } from './gatherer.ts';
import type { Region } from './region.ts';
import type { Name, Publish } from './region-store.ts';
import type { Replication } from './replication.ts';
import { Reporter } from './reporter.ts';

export type PresenceDeps = FleetDeps & { readonly replication: Replication };

/** Tells the others what this edge sees and hears what they see, once a period; as the keeper also adds up. Nothing waits for it. */
export class Presence {
  readonly #deps: PresenceDeps;
  readonly #reporter: Reporter;
  readonly #digests: Digests;
  readonly #gatherer: Gatherer;
  /** Regions whose store wants the names that the reports count on. */
  readonly #wanting = new Set<string>();
  #dropped = 0;

  constructor(deps: PresenceDeps) {
    this.#deps = deps;
    const { edge, settings, clock } = deps;
    const { region, reportMs, forgetMs } = settings;
    this.#reporter = new Reporter(edge, region, deps.wallMs());
    this.#digests = new Digests({ edge, reportMs, forgetMs, reportOf: (number) => this.#reporter.reportOf(number) });
    this.#gatherer = new Gatherer({ region, clock, reportMs, forgetMs });
  }

  /** Reports that could not be published. */
  get dropped(): number {
    return this.#dropped;
  }

  report(report: EdgeReport, clients?: ClientDemand): void {
    this.#reporter.report(report, clients);
  }

  digest(): FleetDigest {
    return this.#digests.digest(this.#deps.clock.nowMs());
  }

  edges(): FleetStatus['edges'] {
    const me = { id: this.#deps.edge, region: this.#deps.settings.region, heardMsAgo: 0 };
    return [me, ...this.#digests.edges(this.#deps.clock.nowMs())];
  }

  left(): readonly string[] {
    return this.#digests.left(this.#deps.clock.nowMs());
  }

  /** Says that this edge ends, so that nobody misses it; if there is no way to say it, it is missed. */
  async leave(): Promise<void> {
    this.#reporter.leave();
    await this.#tell(this.#deps.replication.home).catch(() => false);
  }

  /**
   * What is known of how far a region is behind another: of this edge's own both ways, of others while they are heard of.
   * The keeper of the source has measured it; that it has not been heard since is added.
   */
  lags(): FleetStatus['lags'] {
    const { settings, clock, replication } = this.#deps;
    const names = settings.regions.map(({ name }) => name);
    const isMine = (name: string) => name === settings.region;
    return names.flatMap((source) => {
      const heard = this.#digests.of(source, clock.nowMs());
      const isHeard = heard !== undefined && heard.ageMs <= settings.forgetMs;
      const targets = names.filter((name) => name !== source && (isHeard || isMine(name) || isMine(source)));
      return targets.map((target) => {
        const measured = heard?.digest.lags[target];
        const lagMs = heard === undefined || measured === undefined ? Number.POSITIVE_INFINITY : measured + heard.ageMs;
        return { source, target, seconds: (isMine(source) ? replication.lags.ms(target) : lagMs) / 1000 };
      });
    });
  }

  run(): Promise<void> {
    const loop = { name: 'fleet reports', periodMs: () => this.#deps.settings.reportMs, tick: () => this.#tick() };
    return runLoop(loop, this.#deps);
  }

  async #tick(): Promise<void> {
    const { home, primary } = this.#deps.replication;
    if (!(await this.#tell(home).catch(() => false)) && this.#reporter.hasReport) this.#dropped += 1;
    // The region reports what is wrong with its store; a digest that is not published is only late.
    if (primary.isKept() && primary.isUp()) await this.#gather(primary).catch(() => undefined);
  }

  async #tell(home: Region): Promise<boolean> {
    if (!home.isUp()) return false;
    const { clock, replication, settings } = this.#deps;
    const { number, tell, namesText } = this.#reporter.next();
    const text = this.#wanting.has(home.name) ? namesText : undefined;
    const known = this.#digests.known();
    let reply = await home.store.tell({ ...tell, names: { ...tell.names, text }, known });
    if (reply.wantsNames) reply = await home.store.tell({ ...tell, names: { ...tell.names, text: namesText }, known });
    await this.#digests.take(reply, number, { name: home.name, store: home.store, nowMs: clock.nowMs() });
    const own = this.#digests.of(settings.region, clock.nowMs());
    if (own !== undefined) replication.lags.learn(own.digest.lags, own.ageMs);
    return true;
  }

  async #gather(primary: Region): Promise<void> {
    const { clock, replication } = this.#deps;
    await this.#gatherer.gather(primary.store);
    const nowMs = clock.nowMs();
    const lags = replication.regions
      .filter((region) => region !== primary)
      .map(({ name }) => [name, Math.round(replication.lags.ms(name))] as const)
      .filter(([, ms]) => Number.isFinite(ms));
    const isElsewhere = (edge: string) => this.#digests.isElsewhere(edge, primary.name, nowMs);
    const { publish, names } = this.#gatherer.sum(isElsewhere, Object.fromEntries(lags));
    await Promise.all(replication.regions.map((region) => this.#publish(region, publish, names)));
  }

  async #publish(region: Region, publish: Omit<Publish, 'names'>, names: readonly Name[]): Promise<void> {
    if (!region.isUp()) return;
    // Edges look for what was counted of them where they tell their reports.
    const isOwn = region === this.#deps.replication.primary;
    const own = { ...publish, counted: isOwn ? publish.counted : undefined, forget: isOwn ? publish.forget : [] };
    const bare = names.map(({ hash }) => ({ hash, text: undefined }));
    const wanted = await region.store.publish({ ...own, names: bare });
    if (wanted.length > 0)
      await region.store.publish({ ...own, names: names.filter(({ hash }) => wanted.includes(hash)) });
  }
}
