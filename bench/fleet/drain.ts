import { eventually } from '../rig/fleet.ts';
import { Clients } from './clients.ts';
import { becomesInStep, CLOUDS, EdgesStage, type WholeEdge } from './edges-stage.ts';
import { Witness } from './witness.ts';

/** What clients and the drained region saw of many drains; milliseconds, one entry a round. */
export type Drained = {
  /** From when the order was sent until the last request that came to the region by any of the other edges. */
  readonly obeyedMs: readonly number[];
  /** From when the order was answered until the last request by the edge that was asked; most are under way then. */
  readonly askedMs: readonly number[];
  /** From the end of a partition until the last request by the edge that had been cut off. */
  readonly healedMs: readonly number[];
  /** Requests that the edge that was cut off sent to the drained region before its network was well, in all rounds. */
  readonly unaware: number;
  /** Requests that came to the region after it had gone quiet and before it was undrained. */
  readonly late: number;
  readonly answered: number;
  readonly failed: number;
};

const PER_SECOND = 300;
/** Without a request for so long, while others came, a region is quiet: thirty times the rest between two of one edge. */
const QUIET_MS = 100;
const QUIET_REQUESTS = 20;
/** How long after that it is watched. */
const HELD_MS = 400;
const PARTITION_MS = 3000;
const ORDERED_MS_MAX = 15_000;

/** Drains a region at one edge after the other, and then `heals` times while one cannot be reached, all under load. */
export async function measureDrain(rounds: number, heals: number): Promise<Drained> {
  const witness = await Witness.start();
  const stage = await EdgesStage.start(witness.ports, [undefined, undefined, undefined]);
  const clients = stage.edges.map(({ port }) => new Clients(port, PER_SECOND));
  const watch = new Watch(witness);
  const [obeyedMs, askedMs, healedMs]: [number[], number[], number[]] = [[], [], []];
  let unaware = 0;
  try {
    await watch.serving(stage.edges);
    for (let round = 0; round < rounds; round += 1) {
      const asked = stage.edges[round % stage.edges.length] as WholeEdge;
      const others = stage.edges.filter((edge) => edge !== asked);
      const startMs = performance.now();
      await asked.order('drain');
      const answeredMs = performance.now();
      await watch.quiet(stage.edges);
      obeyedMs.push(Math.max(0, ...others.map(({ id }) => witness.lastMs('gcp', id) - startMs)));
      askedMs.push(Math.max(0, witness.lastMs('gcp', asked.id) - answeredMs));
      await watch.hold(stage.edges);
      await asked.order('undrain');
      await watch.serving(stage.edges);
    }
    const [a, b] = stage.edges as readonly [WholeEdge, WholeEdge];
    for (let round = 0; round < heals; round += 1) {
      for (const way of b.ways) way.swallow();
      await a.order('drain');
      await watch.quiet(stage.edges.filter((edge) => edge !== b));
      const known = witness.count('gcp', b.id);
      await rest(PARTITION_MS);
      unaware += witness.count('gcp', b.id) - known;
      if (performance.now() - witness.lastMs('gcp', b.id) > QUIET_MS) throw new Error('nothing was broken');
      const startMs = performance.now();
      for (const way of b.ways) way.heal();
      await watch.quiet(stage.edges);
      healedMs.push(Math.max(0, witness.lastMs('gcp', b.id) - startMs));
      await watch.hold(stage.edges);
      await becomesInStep(b);
      await a.order('undrain');
      await watch.serving(stage.edges);
    }
    await Promise.all(clients.map((one) => one.end()));
    const sum = (of: (one: Clients) => number) => clients.reduce((total, one) => total + of(one), 0);
    const [answered, failed] = [sum((one) => one.answered), sum((one) => one.failed)];
    return { obeyedMs, askedMs, healedMs, unaware, late: watch.late, answered, failed };
  } finally {
    await Promise.all(clients.map((one) => one.end()));
    await stage.end();
    await witness.end();
  }
}

/** Looks on at the drained region. */
class Watch {
  late = 0;
  readonly #witness: Witness;

  constructor(witness: Witness) {
    this.#witness = witness;
  }

  /** Resolves when every edge sends requests to the region again. */
  async serving(edges: readonly WholeEdge[]): Promise<void> {
    const wanted = new Map(edges.map(({ id }) => [id, this.#witness.count('gcp', id) + QUIET_REQUESTS]));
    const are = () => edges.every(({ id }) => this.#witness.count('gcp', id) >= (wanted.get(id) as number));
    await eventually('requests come again', are, ORDERED_MS_MAX);
  }

  /** Resolves when no edge sends any there, while each goes on sending to the others. */
  async quiet(edges: readonly WholeEdge[]): Promise<void> {
    for (const { id } of edges) {
      let [last, elsewhere] = [Number.NaN, 0];
      const isQuiet = () => {
        const lastMs = this.#witness.lastMs('gcp', id);
        if (lastMs !== last) [last, elsewhere] = [lastMs, this.#elsewhere(id)];
        return performance.now() - lastMs > QUIET_MS && this.#elsewhere(id) - elsewhere >= QUIET_REQUESTS;
      };
      await eventually(`${id} sends nothing there`, isQuiet, ORDERED_MS_MAX);
    }
  }

  /** Counts what comes there although nothing may. */
  async hold(edges: readonly WholeEdge[]): Promise<void> {
    const there = () => edges.reduce((sum, { id }) => sum + this.#witness.count('gcp', id), 0);
    const known = there();
    await rest(HELD_MS);
    this.late += there() - known;
  }

  #elsewhere(id: string): number {
    return CLOUDS.filter((cloud) => cloud !== 'gcp').reduce((sum, cloud) => sum + this.#witness.count(cloud, id), 0);
  }
}

function rest(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
