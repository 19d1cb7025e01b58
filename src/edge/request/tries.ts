import { type Fault, mayRetry } from '../../resilience/fault.ts';
import type { Attempter } from './attempter.ts';
import type { Attempt, Exchange } from './exchange.ts';
import type { PathDeps } from './path-deps.ts';
import type { Recorder } from './recorder.ts';

/** Why and how a request goes elsewhere. */
export type Again = {
  readonly reason: string;
  readonly sent: Fault['sent'];
  readonly bodyReplayable: boolean;
  readonly panic: 'panic-allowed' | 'panic-refused';
};

/** Further attempts of a request, after its first or beside it. */
export class Tries {
  readonly #deps: Pick<PathDeps, 'clock' | 'failedOver'>;
  readonly #attempts: Attempter;
  readonly #recorder: Recorder;

  constructor(deps: Pick<PathDeps, 'clock' | 'failedOver'>, attempts: Attempter, recorder: Recorder) {
    this.#deps = deps;
    this.#attempts = attempts;
    this.#recorder = recorder;
  }

  /** Another attempt beside `from`, whose time to be alone is over: by its hedge, its patience, or because its endpoint has fallen silent. */
  beside(exchange: Exchange, from: Attempt, bodyReplayable: boolean): Attempt | undefined {
    // Each is given a successor for its silence or its patience once.
    if (from.movedOn) return undefined;
    const hedges = from.hedgeMs < from.patienceMs;
    if (hedges) from.hedgeMs = Number.POSITIVE_INFINITY;
    else if (!exchange.view.service.timeouts.patienceMethods.includes(exchange.head.method)) return undefined;
    const reason = hedges ? 'hedged' : from.fellSilent ? 'silent' : 'outpaced';
    const next = this.again(exchange, from, { reason, sent: 'some', bodyReplayable, panic: 'panic-refused' });
    if (next === undefined || hedges) return next;
    exchange.suspects.push(from);
    from.movedOn = from.fellSilent;
    return next;
  }

  /** Whether another attempt is allowed and affordable after `from`, and can still end; if so, takes it. */
  again(exchange: Exchange, from: Attempt, how: Again): Attempt | undefined {
    const { view, state, attempts } = exchange;
    const hedges = how.reason === 'hedged' ? state.hedges : undefined;
    if (attempts.length >= view.service.retries.attempts || hedges?.affordable === false) return undefined;
    if (!mayRetry(how.sent, { idempotent: exchange.idempotent, bodyReplayable: how.bodyReplayable })) return undefined;
    const nowMs = this.#deps.clock.nowMs();
    if (state.budget.balance(nowMs) < 1) {
      this.#recorder.count('retry-budget-exhausted');
      return undefined;
    }
    const next = this.#attempts.take(exchange, how.panic, nowMs);
    if (next === undefined) return undefined;
    state.budget.withdraw(nowMs);
    this.#recorder.retried(exchange);
    if (hedges !== undefined) {
      hedges.spend();
      this.#recorder.hedged(exchange);
    } else this.#deps.failedOver(from.endpoint, next.endpoint, how.reason);
    return next;
  }
}
