import { keptTrailers } from '../message/headers.ts';
import { linesOf } from '../message/lines.ts';
import type { BodySource } from '../request/forwarding.ts';
import type { RequestSink } from '../upstream/upstream.ts';

/** One attempt, as what of the body has come is fed to it. */
export type BodyTaker = {
  /** Whether it has a connection that the body can go out on. */
  readonly hasUpstream: boolean;
  /** Takes a piece; false when it wants no more for now. */
  feed(piece: Buffer): boolean;
};

export type BodyPlan = {
  /** How long the client says that it is; undefined when it comes in chunks. */
  readonly length: number | undefined;
  /** Up to so much is kept for another attempt. */
  readonly keepBytesMax: number;
  /** Called with the bytes of every piece that comes. */
  readonly passed: (bytes: number) => void;
};

/**
 * A request's body that more than one attempt can send. What has come is kept up to a limit, and a later attempt gets it again before
 * the rest follows live; what nobody has been sent yet is kept in any case. Nothing waits for the body: the first byte goes on
 * as soon as it is here. Pieces are kept as they go out: a body that came in chunks goes in chunks, one a piece.
 */
export class ReplayBody {
  /** Whether all of it has come. */
  ended = false;
  readonly #source: BodySource;
  readonly #plan: BodyPlan;
  #leftBytes: number;
  #kept: Buffer[] = [];
  #keptBytes = 0;
  #lost = false;
  #taker: BodyTaker | undefined;
  /** Has its head, and waits for what of the body came along with that. */
  #corked: RequestSink | undefined;

  constructor(source: BodySource, plan: BodyPlan) {
    this.#source = source;
    this.#plan = plan;
    this.#leftBytes = plan.length ?? 0;
    source.on('data', (chunk: Buffer) => this.#onData(chunk));
    source.on('end', () => this.#onEnd());
    source.on('error', () => this.#onBroken());
    source.on('close', () => this.#onBroken());
    source.pause();
  }

  /** Its pieces, as far as they are kept. */
  get kept(): readonly Buffer[] {
    return this.#kept;
  }

  /** Whether a new attempt would get the whole body. */
  get replayable(): boolean {
    return !this.#lost;
  }

  /** Writes the head of a request, and what is here of the body; what comes from now on is this attempt's. */
  sendTo(taker: BodyTaker, socket: RequestSink, head: string): void {
    this.#taker = taker;
    socket.cork();
    socket.write(head, 'latin1');
    for (const piece of this.#kept) socket.write(piece);
    this.#letGo();
    if (this.ended) socket.uncork();
    else this.#corked = socket;
  }

  /** More of it is wanted. */
  want(): void {
    this.#source.resume();
    const corked = this.#corked;
    this.#corked = undefined;
    // What has been read along with the head comes first: the stream has just planned to hand it on.
    if (corked !== undefined) process.nextTick(uncork, corked);
  }

  /** Nobody wants more of it. */
  rest(): void {
    this.#taker = undefined;
    this.#source.pause();
    this.#kept = [];
  }

  /** The client does not go on with it, and nobody waits any longer. */
  giveUp(): void {
    this.#source.destroy();
  }

  #onData(chunk: Buffer): void {
    this.#plan.passed(chunk.length);
    this.#leftBytes -= chunk.length;
    const chunked = this.#plan.length === undefined;
    if (!chunked) this.ended = this.#leftBytes <= 0;
    // The end of the stream is still to come then, and nothing else.
    if (!this.#feed(chunked ? framed(chunk) : chunk) && !this.ended) this.#source.pause();
  }

  #onEnd(): void {
    if (this.ended) return;
    this.ended = true;
    if (this.#plan.length === undefined) this.#feed(lastChunk(this.#source.rawTrailers));
  }

  #feed(piece: Buffer): boolean {
    if (!this.#lost) {
      this.#kept.push(piece);
      this.#keptBytes += piece.length;
      if (this.#taker?.hasUpstream === true) this.#letGo();
    }
    return this.#taker?.feed(piece) === true;
  }

  /** Lets go of what is over the limit: everything, since a part is of no use. */
  #letGo(): void {
    if (this.#keptBytes <= this.#plan.keepBytesMax) return;
    this.#lost = true;
    this.#kept = [];
  }

  /** The rest of it will never come; whose request it was is found out by the response. */
  #onBroken(): void {
    if (this.ended) return;
    this.#lost = true;
    this.#taker = undefined;
  }
}

function uncork(socket: RequestSink): void {
  socket.uncork();
}

function framed(chunk: Buffer): Buffer {
  const size = Buffer.from(`${chunk.length.toString(16)}\r\n`, 'latin1');
  return Buffer.concat([size, chunk, CRLF]);
}

const CRLF = Buffer.from('\r\n', 'latin1');
const LAST_CHUNK = Buffer.from('0\r\n\r\n', 'latin1');

function lastChunk(rawTrailers: readonly string[] = []): Buffer {
  if (rawTrailers.length === 0) return LAST_CHUNK;
  return Buffer.from(`0\r\n${linesOf(keptTrailers(rawTrailers).flat())}\r\n`, 'latin1');
}
