import type { AnswerHead } from './journey.ts';

/** What can be done with the connection that an answer comes from. */
export type Flow = { pause(): void; resume(): void };

/**
 * An endpoint's answer that is a failure, held back while something better is looked for. Its connection is paused, and
 * what had been read of it already is kept.
 */
export class HeldAnswer<C extends Flow> {
  readonly controller: C;
  readonly head: AnswerHead;
  readonly #chunks: Buffer[] = [];
  #ended = false;

  constructor(controller: C, head: AnswerHead) {
    this.controller = controller;
    this.head = head;
    controller.pause();
  }

  data(chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  end(): void {
    this.#ended = true;
  }

  /** Nothing better was found: hands on what was held, and lets the rest come. */
  release(to: { primaryData(from: C, chunk: Buffer): void; primaryEnded(from: C): void }): void {
    for (const chunk of this.#chunks) to.primaryData(this.controller, chunk);
    if (this.#ended) to.primaryEnded(this.controller);
    else this.controller.resume();
  }
}
