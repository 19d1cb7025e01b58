import { Deadline } from '../../table/deadlines.ts';
import { NO_ERROR, PROTOCOL_ERROR } from '../frames/error-code.ts';
import type { H2Deps } from './h2-deps.ts';
import { StreamBody } from './stream-body.ts';
import type { H2Session, H2Stream, OnStream, StreamHandler } from './stream-handler.ts';

/** So long a client may go on with a request that has its answer already, before it is told that nobody reads that. */
export const LATE_BODY_MS = 50;

/**
 * What still comes of a request that was answered before its end (RFC 9113 §8.1). Most clients are about to end it anyway, and an error that they
 * make of it is still theirs to hear of; for those that are not, the stream is reset with NO_ERROR. No window is opened for it meanwhile.
 */
export class LateBody implements StreamHandler {
  readonly #deps: H2Deps;
  readonly #session: H2Session;
  readonly #stream: H2Stream;
  readonly #body = new StreamBody();
  readonly #deadline = new Deadline(() => this.#due());

  private constructor(deps: H2Deps, { session, stream }: OnStream, left: number) {
    this.#deps = deps;
    this.#session = session;
    this.#stream = stream;
    this.#body.begin(left, 0);
  }

  /** The stream's answer is out, or about to be, and its request has not ended. `left`: bytes of the body that are still to come, or `UNKNOWN_LENGTH`. */
  static await(deps: H2Deps, on: OnStream, left: number): void {
    const body = new LateBody(deps, on, left);
    on.stream.handler = body;
    if (on.stream.localEnded) body.sent();
  }

  data(bytes: Buffer, last: boolean): void {
    if (!this.#body.fits(bytes.length, last)) this.#malformed();
    else if (last) this.gone();
  }

  trailers(): void {
    this.data(NOTHING, true);
  }

  drained(): void {}

  sent(): void {
    this.#deps.deadlines.arm(this.#deadline, LATE_BODY_MS);
  }

  gone(): void {
    this.#deps.deadlines.remove(this.#deadline);
  }

  #due(): void {
    this.gone();
    this.#session.reset(this.#stream, NO_ERROR);
  }

  #malformed(): void {
    this.gone();
    this.#deps.refused();
    this.#session.reset(this.#stream, PROTOCOL_ERROR, 'peer');
  }
}

const NOTHING = Buffer.alloc(0);
