import type { ServiceLadder } from '../../degraded/service-ladder.ts';
import type { FallbackAnswer, FallbackAttempt, FallbackHandler } from '../../degraded/undici-fallback.ts';
import type { FenceMask } from '../../routing/fence.ts';
import { type AnswerHead, listOf } from '../message/answer-head.ts';
import { reasonOf } from '../message/answer-line.ts';
import { linesOf } from '../message/lines.ts';
import type { Exchange } from '../request/exchange.ts';
import { fallbackHeaders, type LadderRequest } from './ladder-request.ts';

/** What is left where no more may be asked. */
export const NONE_LEFT = { tried: 0, all: 0 } as const;

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

  ask({ head, target, view }: Exchange, handler: FallbackHandler): void {
    const backend = this.#backends[this.#tried];
    this.#tried += 1;
    const headers = fallbackHeaders(this.#asks.asked, this.#ladder.policy.cache);
    const request = { method: head.method, target, headers, idleMs: view.service.timeouts.idleMs };
    const one = backend?.ask(request, handler);
    // One that failed at once has sent the request on to the next already.
    if (one?.over === false) this.#current = one;
  }

  /** The one that was asked has no answer. */
  failed(): void {
    this.#current = undefined;
  }

  /** The head of an answer; what it says of its backend's own addresses becomes what clients know them by. */
  headOf({ backend }: FallbackAttempt, exchange: Exchange, said: FallbackAnswer): AnswerHead {
    const reason = reasonOf(said.status, said.reason);
    const { rules } = exchange.state;
    if (rules === undefined) return { ...said, reason };
    const at = { url: backend.fallback.url, host: backend.authority };
    return { ...said, reason, headers: listOf(rules.answer(linesOf(said.headers), exchange, at)) };
  }

  /** There is no time left for the one that is being asked. */
  giveUp(): void {
    this.cancel();
    this.failed();
  }

  cancel(): void {
    this.#current?.cancel();
  }

  /** How `Proxy-Status` names the one that answered (RFC 9209 §2.1.2): never where it is, and only where the file allows it. */
  nextHop({ backend }: FallbackAttempt): string {
    return this.#ladder.tellsNames ? `; next-hop="${backend.fallback.name}"` : '';
  }
}
