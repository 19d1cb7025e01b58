import type { Settlement } from '../../resilience/admission.ts';
import { isUnanswered } from '../../resilience/patience.ts';
import { isBlamedAtDeadline } from '../../resilience/request-deadline.ts';
import type { Outcome } from '../../table/worker-block.ts';
import { type Attempt, type Exchange, NOT_SENT } from './exchange.ts';
import { DEADLINE_PASSED } from './request-deadline.ts';

/** Who writes down how an attempt ended. */
export type Settles = { settle(attempt: Attempt, settlement: Settlement, outcome: Outcome, nowMs?: number): void };

/** Judges the attempts of a request that did not get to answer it: each is settled, whether it is to blame or not. */
export class Judge {
  readonly #recorder: Settles;

  constructor(recorder: Settles) {
    this.#recorder = recorder;
  }

  /**
   * `winner` has answered, and the others are cancelled. One that had lost patience before is to blame if the winner, sent
   * later, was within its own: else the request is slow by nature. Those that came after the winner are not to blame.
   */
  won(exchange: Exchange, winner: Attempt, nowMs: number): void {
    const { attempts, suspects } = exchange;
    if (attempts.length === 1) return;
    const inTime = winner.firstByteMs <= winner.patienceMs;
    let later = false;
    for (const attempt of attempts) {
      if (attempt === winner) later = true;
      else if (attempt.outcome === undefined) {
        const waitedMs = nowMs - attempt.sentMs;
        exchange.state.hedges?.saw(attempt.index, waitedMs);
        // One beside which another was sent early is to blame no sooner than if it had been alone.
        // So is one that moved on as soon as its endpoint had fallen silent: that may be a pause.
        const slow = (suspects.includes(attempt) && !attempt.movedOn) || waitedMs > attempt.patienceMs;
        const outpaced = inTime && !later && slow;
        this.#recorder.settle(attempt, outpaced ? 'failure' : 'abandoned', outpaced ? 'outpaced' : 'abandoned', nowMs);
      }
    }
    suspects.length = 0;
  }

  /** Nobody wants an answer to the request any more, for reasons of its own. */
  dropped(exchange: Exchange): void {
    for (const attempt of exchange.attempts) {
      if (attempt.outcome === undefined) this.#recorder.settle(attempt, 'abandoned', 'abandoned');
    }
    exchange.suspects.length = 0;
  }

  /** The time of the request has passed. Whoever had a good part of it to itself, and has not begun to answer, is to blame. */
  overdue(exchange: Exchange, nowMs: number): void {
    const { requestMs } = exchange.view.service.timeouts;
    for (const attempt of exchange.attempts) {
      if (attempt.outcome !== undefined) continue;
      const { status, sentMs, patienceMs } = attempt;
      const blamed = status === 0 && isBlamedAtDeadline(nowMs - sentMs, patienceMs, requestMs);
      attempt.fault = DEADLINE_PASSED;
      this.#recorder.settle(
        attempt,
        blamed ? 'failure' : 'abandoned',
        blamed ? 'first-byte-timeout' : 'abandoned',
        nowMs,
      );
    }
    exchange.suspects.length = 0;
  }

  /** The client has left. Whoever had let it wait for much longer than is usual is why, as far as anybody can tell. */
  left(exchange: Exchange, nowMs: number): void {
    for (const attempt of exchange.attempts) {
      if (attempt.outcome !== undefined) continue;
      const blamed = attempt.status === 0 && isUnanswered(nowMs - attempt.sentMs, attempt.patienceMs);
      this.#recorder.settle(attempt, blamed ? 'failure' : 'abandoned', blamed ? 'unanswered' : 'abandoned', nowMs);
    }
    exchange.suspects.length = 0;
  }
}

/** When the head of its answer came, in ms of the table's clock. */
export function answeredAtMs({ startMs, sentMs, firstByteMs }: Attempt): number {
  return (sentMs === NOT_SENT ? startMs : sentMs) + firstByteMs;
}

/** Whether any attempt of a request is still under way. */
export function isRunning({ attempts }: Exchange): boolean {
  return attempts.some(({ outcome }) => outcome === undefined);
}

/** The attempt for whose silence the client left, if that is why it did. */
export function unansweredBy({ attempts }: Exchange): Attempt | undefined {
  return attempts.find(({ outcome }) => outcome === 'unanswered');
}

/** Whether an attempt was racing on after its patience; it is no more. */
export function wasSuspect({ suspects }: Exchange, attempt: Attempt): boolean {
  const at = suspects.indexOf(attempt);
  if (at !== -1) suspects.splice(at, 1);
  return at !== -1;
}

/** Whether another endpoint has answered the same request with a 500 before. */
export function hasFailedAlike({ attempts }: Exchange, attempt: Attempt): boolean {
  return attempts.some((other) => other !== attempt && other.status === 500);
}
