import { startTimer, stopTimer, type Timer } from '../../table/timers.ts';
import type { AnswerHead } from '../message/answer-head.ts';

/** An endpoint that says nothing to an expectation does not know it, or waits for the body: after this long the client gets a 100 from this edge. */
export const CONTINUE_AFTER_MS = 1000;

const CONTINUE: AnswerHead = { status: 100, reason: 'Continue', headers: [] };

/** How long an endpoint is waited for to say whether it wants a body. */
export class ContinueWait {
  readonly #onInterim: (head: AnswerHead) => void;
  #timer: Timer | undefined;

  constructor(onInterim: (head: AnswerHead) => void) {
    this.#onInterim = onInterim;
  }

  begin(): void {
    stopTimer(this.#timer);
    this.#timer = startTimer(CONTINUE_AFTER_MS, ContinueWait.unanswered, this);
  }

  /** It has said something, or nobody waits for it any more. */
  end(): void {
    stopTimer(this.#timer);
  }

  static unanswered(this: void, self: ContinueWait): void {
    self.#onInterim(CONTINUE);
  }
}
