import type { BreakerPolicy } from '../config/topology-policy.ts';

/**
 * The circuit breaker as the published pattern has it: closed → open after consecutive failures → half-open after a
 * while → closed after consecutive successes; one failure in half-open opens it again.
 *
 * Half-open admits a bounded number of probes at a time. A probe that never reports back (its thread died) would hold
 * its place for ever, so half-open carries a lease: when it runs out, the places are given anew.
 *
 * An open breaker hears of a success only from a request that was sent in panic, with nothing else left. That is as good
 * as a probe, and is counted as one: the endpoint need not wait for the rest of its time.
 *
 * A success may also come from outside the probes and is then a *voucher*: of a request in panic, or of a health check.
 * It counts as a probe's success, and frees no place that it never had.
 */
export type Breaker =
  | { readonly state: 'closed'; readonly failures: number }
  | { readonly state: 'open'; readonly untilMs: number }
  | { readonly state: 'half-open'; readonly probing: number; readonly successes: number; readonly untilMs: number };

export type BreakerState = Breaker['state'];

/** `admit` asks to send a request, the others report how an admitted one ended; `vouched` is the success of one that was no probe. */
export type BreakerSignal = 'admit' | 'success' | 'failure' | 'abandoned' | 'vouched';

export const CLOSED: Breaker = { state: 'closed', failures: 0 };

/** The next state. Total and pure: a signal that means nothing in a state changes nothing. */
export function step(b: Breaker, signal: BreakerSignal, nowMs: number, policy: BreakerPolicy): Breaker {
  switch (b.state) {
    case 'closed':
      return stepClosed(b.failures, signal, nowMs, policy) ?? b;
    case 'open':
      if (signal === 'admit') return nowMs >= b.untilMs ? halfOpen(1, 0, nowMs, policy) : b;
      return signal === 'success' || signal === 'vouched' ? succeed(0, 0, nowMs + policy.openMs, policy) : b;
    case 'half-open':
      return stepHalfOpen(b, signal, nowMs, policy);
    default:
      return b satisfies never;
  }
}

/** Whether a request may be sent: yes, yes as a probe of a breaker that is finding out, or no. */
export function admits(b: Breaker, nowMs: number, policy: BreakerPolicy): 'yes' | 'probe' | 'no' {
  if (b.state === 'closed') return 'yes';
  if (nowMs >= b.untilMs) return 'probe';
  return b.state === 'half-open' && b.probing < policy.probes ? 'probe' : 'no';
}

function stepClosed(
  failures: number,
  signal: BreakerSignal,
  nowMs: number,
  policy: BreakerPolicy,
): Breaker | undefined {
  if (signal === 'success') return failures === 0 ? undefined : CLOSED;
  if (signal !== 'failure') return undefined;
  return failures + 1 >= policy.failures ? open(nowMs, policy) : { state: 'closed', failures: failures + 1 };
}

function stepHalfOpen(
  b: Extract<Breaker, { state: 'half-open' }>,
  signal: BreakerSignal,
  nowMs: number,
  policy: BreakerPolicy,
): Breaker {
  switch (signal) {
    case 'admit':
      if (nowMs >= b.untilMs) return halfOpen(1, b.successes, nowMs, policy);
      return b.probing < policy.probes ? { ...b, probing: b.probing + 1 } : b;
    case 'failure':
      return open(nowMs, policy);
    case 'abandoned':
      return { ...b, probing: Math.max(0, b.probing - 1) };
    case 'success':
      return succeed(Math.max(0, b.probing - 1), b.successes, b.untilMs, policy);
    case 'vouched':
      return succeed(b.probing, b.successes, b.untilMs, policy);
    default:
      return signal satisfies never;
  }
}

function succeed(probing: number, successes: number, untilMs: number, policy: BreakerPolicy): Breaker {
  if (successes + 1 >= policy.successes) return CLOSED;
  return { state: 'half-open', probing, successes: successes + 1, untilMs };
}

function open(nowMs: number, policy: BreakerPolicy): Breaker {
  return { state: 'open', untilMs: nowMs + policy.openMs };
}

function halfOpen(probing: number, successes: number, nowMs: number, policy: BreakerPolicy): Breaker {
  return { state: 'half-open', probing, successes, untilMs: nowMs + policy.openMs };
}
