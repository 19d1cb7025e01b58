import type { ServiceLadder } from '../../degraded/service-ladder.ts';
import type { FallbackAttempt, FallbackHandler } from '../../degraded/undici-fallback.ts';
import type { FenceMask } from '../../routing/fence.ts';
import type { Exchange } from '../request/exchange.ts';
import { fallbackHeaders, type LadderRequest } from './ladder-request.ts';

/** The fallbacks of one request: one after the other, one at a time. */
export class FallbackSteps {
  readonly #ladder: ServiceLadder;
  readonly #asks: LadderRequest;
  /** Those that may be asked for this client. */
  readonly #backends: ServiceLadder['backends'];
  #current: FallbackAttempt | undefined;
  #tried = 0;

  constructor(ladder: ServiceLadder, asks: LadderRequest, fence: FenceMask | undefined) {
    this.#ladder = ladder;
    this.#asks = asks;
    const { backends } = ladder;
    this.#backends = fence === undefined ? backends : backends.filter(({ fallback }) => fence.admits(fallback.site));
  }

  /** Whether one is being asked. */
  get asking(): boolean {
    return this.#current !== undefined;
  }

  get left(): { readonly tried: number; readonly all: number } {
    return { tried: this.#tried, all: this.#asks.hasSteps ? this.#backends.length : 0 };
  }

  ask({ head, view }: Exchange, handler: FallbackHandler): void {
    const backend = this.#backends[this.#tried];
    this.#tried += 1;
    const headers = fallbackHeaders(this.#asks.asked, this.#ladder.policy.cache);
    const request = { method: head.method, target: head.target, headers, idleMs: view.service.timeouts.idleMs };
    const one = backend?.ask(request, handler);
    // One that failed at once has sent the request on to the next already.
    if (one?.over === false) this.#current = one;
  }

  /** The one that was asked has no answer. */
  failed(): void {
    this.#current = undefined;
  }

  cancel(): void {
    this.#current?.cancel();
  }

  /** How `Proxy-Status` names the one that answered (RFC 9209 §2.1.2): never where it is, and only where the file allows it. */
  nextHop({ backend }: FallbackAttempt): string {
    return this.#ladder.tellsNames ? `; next-hop="${backend.fallback.name}"` : '';
  }
}
