import { Readable } from 'node:stream';

/**
 * A request's body that more than one attempt can read. What has been read is kept up to `keepBytesMax`, and a later attempt gets
 * it again before the rest follows live. Nothing waits for the body: the first byte goes on as soon as it is here.
 * Once more than that has gone out the body cannot be replayed, and what was kept is let go.
 */
export class ReplayBody {
  readonly #source: Readable;
  readonly #keepBytesMax: number;
  readonly #passed: (bytes: number) => void;
  #kept: Buffer[] = [];
  #keptBytes = 0;
  #overflowed = false;
  #ended = false;
  #failure: Error | undefined;
  #reader: BodyReader | undefined;

  /** `passed` is called with the bytes of every piece that comes. */
  constructor(source: Readable, keepBytesMax: number, passed: (bytes: number) => void = () => {}) {
    this.#source = source;
    this.#passed = passed;
    this.#keepBytesMax = keepBytesMax;
    source.on('data', (chunk: Buffer) => this.#onData(chunk));
    source.on('end', () => this.#onEnd());
    source.on('error', (error) => this.#onFailure(error));
    source.on('close', () => {
      if (!this.#ended) this.#onFailure(new Error('the client broke off its request'));
    });
    source.pause();
  }

  /** Whether a new reader would get the whole body. */
  get replayable(): boolean {
    return !this.#overflowed && this.#failure === undefined;
  }

  /** Whether all of it has come. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Whether it is the attempt that takes no more, and not the client that sends none. */
  get blocked(): boolean {
    return this.#reader?.isPaused() === true;
  }

  /** The client does not go on with it, and nobody waits any longer. */
  giveUp(): void {
    this.#source.destroy();
  }

  /** A stream of the body for one attempt; the stream of the attempt before gets nothing more. */
  open(): Readable {
    const reader = new BodyReader(
      () => this.#source.resume(),
      (closed) => {
        if (this.#reader !== closed) return;
        this.#reader = undefined;
        this.#source.pause();
      },
    );
    this.#reader = reader;
    for (const chunk of this.#kept) reader.push(chunk);
    if (this.#failure !== undefined) reader.destroy(this.#failure);
    else if (this.#ended) reader.push(null);
    return reader;
  }

  #onData(chunk: Buffer): void {
    this.#passed(chunk.length);
    this.#keep(chunk);
    if (this.#reader?.push(chunk) !== true) this.#source.pause();
  }

  #keep(chunk: Buffer): void {
    if (this.#overflowed) return;
    this.#keptBytes += chunk.length;
    if (this.#keptBytes > this.#keepBytesMax) {
      this.#overflowed = true;
      this.#kept = [];
    } else this.#kept.push(chunk);
  }

  #onEnd(): void {
    this.#ended = true;
    this.#reader?.push(null);
  }

  #onFailure(error: Error): void {
    this.#failure ??= error;
    this.#reader?.destroy(error);
  }
}

function ignore(): void {}

class BodyReader extends Readable {
  readonly #more: () => void;
  readonly #closed: (reader: BodyReader) => void;

  constructor(more: () => void, closed: (reader: BodyReader) => void) {
    super();
    this.#more = more;
    this.#closed = closed;
    // A client may leave before anybody reads it, while a connection is still being made, and nobody listens for errors then.
    this.on('error', ignore);
  }

  override _read(): void {
    this.#more();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#closed(this);
    callback(error);
  }
}
