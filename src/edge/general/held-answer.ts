import type { ByteBudget } from '../../table/byte-budget.ts';
import type { AnswerHead } from '../message/answer-head.ts';
import type { Flow } from '../request/forwarding.ts';

/**
 * An endpoint's answer that is a failure, held back while something better is looked for. Its connection is paused, and
 * what had been read of it already is kept, as far as there is room for it.
 */
export class HeldAnswer {
  readonly flow: Flow;
  readonly head: AnswerHead;
  readonly #chunks: Buffer[] = [];
  readonly #room: ByteBudget;
  #bytes = 0;
  #dropped = false;
  #ended = false;

  constructor(flow: Flow, head: AnswerHead, room: ByteBudget) {
    this.#room = room;
    this.flow = flow;
    this.head = head;
    flow.pause();
  }

  /** Whether it is of no use any more. */
  get dropped(): boolean {
    return this.#dropped;
  }

  /** False when there is no room: then it is dropped. */
  data(chunk: Buffer): boolean {
    if (this.#dropped) return true;
    if (!this.#room.take(chunk.length)) {
      this.drop();
      return false;
    }
    this.#bytes += chunk.length;
    this.#chunks.push(chunk);
    return true;
  }

  end(): void {
    this.#ended = true;
  }

  /** Nothing better was found: hands on what was held, and lets the rest come. */
  release(to: { primaryData(from: Flow, chunk: Buffer): void; primaryEnded(from: Flow): void }): void {
    const chunks = [...this.#chunks];
    this.drop();
    for (const chunk of chunks) to.primaryData(this.flow, chunk);
    if (this.#ended) to.primaryEnded(this.flow);
    else this.flow.resume();
  }

  /** Gives back the room of what it holds, which is forgotten. */
  drop(): void {
    this.#dropped = true;
    this.#room.give(this.#bytes);
    this.#bytes = 0;
    this.#chunks.length = 0;
  }
}
