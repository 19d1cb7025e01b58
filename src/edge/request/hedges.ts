import type { HedgePolicy } from '../../config/topology-hedge.ts';
import { Quantile } from '../../resilience/hedge.ts';

/** When requests of a service in one edge thread are sent to a second endpoint as well, before the first has been slow enough to be blamed. */
export class Hedges {
  readonly #policy: HedgePolicy;
  /** By position of the endpoint: each is far or near in its own way. */
  readonly #usual: readonly Quantile[];

  constructor(policy: HedgePolicy, endpoints: number) {
    this.#policy = policy;
    const { after } = policy;
    this.#usual =
      typeof after === 'number' ? [] : Array.from({ length: endpoints }, () => new Quantile(after.quantile));
  }

  /** How long the first attempt of such a request waits for an answer of endpoint `index`, in ms; infinite: there is no second beside it. */
  afterMs(method: string, index: number): number {
    if (!this.#policy.methods.includes(method)) return Number.POSITIVE_INFINITY;
    const { after } = this.#policy;
    return typeof after === 'number' ? after : (this.#usual[index] as Quantile).ms;
  }

  /** An answer of endpoint `index` took so long, or had not come in that time when another's did. */
  saw(index: number, ms: number): void {
    this.#usual[index]?.saw(ms);
  }
}
