import type { HedgePolicy } from '../../config/topology-hedge.ts';
import { Allowance, Quantile, TailStart } from '../../resilience/hedge.ts';

/** When requests of a service in one edge thread are sent to a second endpoint as well, before the first has been slow enough to be blamed. */
export class Hedges {
  readonly #policy: HedgePolicy;
  /** What is usual, by position of the endpoint: each is far or near in its own way. */
  readonly #usual: readonly Quantile[] = [];
  /** What answers take beyond what is usual for their endpoint, for all endpoints together: where the slowest begin, wherever they come from. */
  readonly #tail: TailStart | undefined;
  readonly #allowance: Allowance | undefined;

  constructor(policy: HedgePolicy, endpoints: number) {
    this.#policy = policy;
    const { after } = policy;
    if (typeof after === 'number') return;
    this.#usual = Array.from({ length: endpoints }, () => new Quantile(0.5));
    this.#tail = new TailStart(after.quantile);
    this.#allowance = new Allowance(1 - after.quantile);
  }

  /** How long the first attempt of such a request waits for an answer of endpoint `index`, in ms; infinite: there is no second beside it. */
  afterMs(method: string, index: number): number {
    if (!this.#policy.methods.includes(method)) return Number.POSITIVE_INFINITY;
    const { after } = this.#policy;
    if (typeof after === 'number') return after;
    this.#allowance?.earn();
    const usualMs = (this.#usual[index] as Quantile).ms;
    return usualMs + (this.#tail?.beyondMs(usualMs) ?? 0);
  }

  /** Whether one more may be sent: with a percentile, no more than the rest of the requests, however many seem slow. */
  get affordable(): boolean {
    return this.#allowance?.affordable !== false;
  }

  /** One more has been sent. */
  spend(): void {
    this.#allowance?.spend();
  }

  /** An answer of endpoint `index` took so long, or had not come in that time when another's did. */
  saw(index: number, ms: number): void {
    const usual = this.#usual[index];
    if (usual === undefined) return;
    if (Number.isFinite(usual.ms)) this.#tail?.saw(ms - usual.ms);
    usual.saw(ms);
  }
}
