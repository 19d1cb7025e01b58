import type { Service } from '../../src/config/topology.ts';
import type { Copy } from '../../src/degraded/copy.ts';
import type { ServiceLadder } from '../../src/degraded/service-ladder.ts';
import { FallbackSteps } from '../../src/edge/ladder/fallback-steps.ts';
import { type LadderRequest, ladderRequest } from '../../src/edge/ladder/ladder-request.ts';
import type { OwnAnswer } from '../../src/edge/message/answer.ts';
import type { Attempt, Exchange } from '../../src/edge/request/exchange.ts';
import { type Fault, isFault } from '../../src/resilience/fault.ts';
import type { Edge, Figures } from './campaign.ts';
import { type ClientSpec, mayServe, type PlaceSpec } from './judge.ts';
import { CLIENTS, type Scenery } from './scenery.ts';

/** A place that says nothing of itself. */
const NOWHERE: PlaceSpec = { cloud: '', region: '', country: '' };

/** One request, from its head to its end; returns what should not have happened. */
export function play(edge: Edge, figures: Figures): readonly string[] {
  return new Play(edge, figures).run();
}

class Play {
  readonly #edge: Edge;
  readonly #figures: Figures;
  readonly #client: ClientSpec;
  /** The file as the request found it: what holds for it, whatever a reload says. */
  readonly #scenery: Scenery;
  readonly #leaks: string[] = [];
  #exchange!: Exchange;
  #ladder!: ServiceLadder;
  #asks!: LadderRequest;

  constructor(edge: Edge, figures: Figures) {
    this.#edge = edge;
    this.#figures = figures;
    this.#client = edge.dice.pick(CLIENTS);
    this.#scenery = edge.scenery();
  }

  run(): readonly string[] {
    const { pipeline, ladders, dice } = this.#edge;
    const exchange = pipeline.identify(this.#edge.head(this.#client));
    if ('answer' in exchange) return this.#sentAway(exchange.answer);
    if (isFault(exchange)) throw new Error(`refused: ${exchange.cause}`);
    this.#exchange = exchange;
    this.#ladder = ladders.of(this.#scenery.topology.services[0] as Service) as ServiceLadder;
    this.#asks = ladderRequest(exchange, this.#ladder.policy.cache);
    const undrained = this.#someoneMayBeSentTo();
    const first = pipeline.start(exchange);
    if (isFault(first)) this.#refused(first, undrained);
    else this.#forward(first);
    // A late answer of the endpoints brings the same steps about as a failed one.
    if (dice.onceIn(2) || exchange.attempts.every(({ status }) => status !== 200)) this.#descend();
    return this.#leaks;
  }

  /** The client is told where to go, or is refused. */
  #sentAway({ status, headers }: OwnAnswer): readonly string[] {
    const place = /^https:\/\/(\d+)\./.exec(headers[headers.indexOf('Location') + 1] ?? '')?.[1];
    if (status < 400) {
      this.#figures.redirects += 1;
      this.#judge('a redirect', this.#scenery.endpoints[Number(place)] ?? NOWHERE);
    }
    return this.#leaks;
  }

  /** Attempts fail, lose patience, are answered badly and well, while the world goes on. */
  #forward(first: Attempt): void {
    const { pipeline, dice, reload, disturb } = this.#edge;
    const open = [this.#sent(first)];
    for (let steps = 0; open.length > 0 && steps < 20; steps += 1) {
      if (dice.onceIn(60)) reload();
      if (dice.onceIn(3)) disturb();
      const [attempt] = open.splice(dice.below(open.length), 1) as [Attempt];
      const what = dice.below(8);
      if (what < 2) {
        open.push(attempt);
        const next = pipeline.patienceExpired(this.#exchange, attempt, true);
        if (next !== undefined) open.push(this.#sent(next));
      } else if (what < 5) {
        const kind = dice.pick(['connect-refused', 'reset', 'first-byte-timeout'] as const);
        const sent = kind === 'connect-refused' ? 'nothing' : 'some';
        const next = pipeline.failed(this.#exchange, attempt, { kind, sent, cause: kind }, true);
        if (!isFault(next)) open.push(this.#sent(next));
        else if (open.length === 0) return pipeline.gaveUp(this.#exchange, next);
      } else {
        const status = what === 5 ? 503 : 200;
        const next = pipeline.answered(this.#exchange, attempt, status, true);
        if (next !== undefined) open.push(this.#sent(next));
        else {
          pipeline.ended(this.#exchange, attempt, 'complete');
          return this.#keep(attempt);
        }
      }
    }
    pipeline.clientGone(this.#exchange, open.at(-1));
  }

  #sent(attempt: Attempt): Attempt {
    this.#figures.attempts += 1;
    this.#judge('an attempt', this.#placeOf(attempt));
    return attempt;
  }

  /** What is kept of an answer says in its body where it came from. */
  #keep(attempt: Attempt): void {
    if (!this.#asks.isKept || attempt.status !== 200) return;
    const { blind, now } = this.#edge;
    const copy: Copy = {
      status: 200,
      reason: 'OK',
      headers: [],
      body: Buffer.from(JSON.stringify(this.#placeOf(attempt))),
      vary: blind === 'copies' ? {} : this.#asks.alsoVary,
      bornMs: now.ms,
      staleAtMs: now.ms + 5000,
      keptUntilMs: now.ms + 60_000,
      mayBeStale: true,
      ifErrorMs: undefined,
      whileRevalidateMs: undefined,
    };
    this.#ladder.keep(this.#asks.url, copy);
  }

  /** The steps below the endpoints: a copy, and every fallback that would be asked. */
  #descend(): void {
    if (!this.#asks.hasSteps) return;
    const header = this.#edge.blind === 'copies' ? () => undefined : this.#asks.header;
    const copy = this.#ladder.find(this.#asks.url, header);
    if (copy !== undefined) {
      this.#figures.copies += 1;
      this.#judge('a copy', JSON.parse(copy.body.toString()) as PlaceSpec);
    }
    const { fallbacks } = this.#scenery;
    const asked: number[] = [];
    const backends = this.#ladder.backends.map(({ fallback }, i) => ({
      fallback,
      ask: () => {
        asked.push(i);
        return { over: true };
      },
    }));
    const ladder = { backends, policy: this.#ladder.policy } as unknown as ServiceLadder;
    const steps = new FallbackSteps(ladder, this.#asks, this.#exchange.fence);
    while (steps.left.tried < steps.left.all) steps.ask(this.#exchange, {} as Parameters<FallbackSteps['ask']>[1]);
    for (const i of asked) {
      this.#figures.fallbacks += 1;
      this.#judge('a fallback', fallbacks[i] ?? NOWHERE);
    }
  }

  #refused(fault: Fault, undrained: boolean): void {
    const { fences, endpoints } = this.#scenery;
    this.#edge.pipeline.gaveUp(this.#exchange, fault);
    if (undrained) this.#leaks.push(`${this.#client.address} was refused (${fault.kind}), and somebody could serve it`);
    if (fault.kind === 'no-candidate') return;
    this.#figures.refusals += 1;
    const free = endpoints.every((place) => mayServe(fences, this.#client, place));
    if (free && fences.length === 0) this.#leaks.push('refused for a fence where there is none');
  }

  /** Whether an endpoint is there that may serve and is not drained; a decision must find it, in panic if need be. */
  #someoneMayBeSentTo(): boolean {
    const { fences, topology } = this.#scenery;
    const rows = this.#edge.rows();
    return (topology.services[0] as Service).endpoints.some(({ id, cloud, region, place: { country } }) => {
      const isDrained = this.#edge.table.live.drained[rows[id] as number] === 1;
      return !isDrained && mayServe(fences, this.#client, { cloud, region, country });
    });
  }

  #placeOf({ endpoint }: Attempt): PlaceSpec {
    const { cloud, region } = endpoint;
    const known = this.#scenery.endpoints.find((place) => place.cloud === cloud && place.region === region);
    return known ?? NOWHERE;
  }

  #judge(what: string, place: PlaceSpec): void {
    if (mayServe(this.#scenery.fences, this.#client, place)) return;
    const { address, country } = this.#client;
    this.#leaks.push(`${what} of ${place.cloud}/${place.region} for ${address} (${country || 'unknown'})`);
  }
}
