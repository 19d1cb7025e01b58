import type { OutField } from './hpack/out-field.ts';

/** One stream of a connection (RFC 9113 §5.1), from its first HEADERS to its end on both sides. `handler` is whose it is. */
export class Stream<Handler> {
  readonly id: number;
  handler: Handler | undefined;
  /** Whether this side, and the other one, has sent its last. */
  localEnded = false;
  remoteEnded = false;
  /** Whether the other side's head has come, so that a header block is its trailers. A client's handler sets it behind interim answers. */
  headed = false;
  /** It is open no more. */
  closed = false;
  /** Bytes that may be sent, and that the peer may send; either may be negative after a change of settings (§6.9.2). */
  sendWindow: number;
  receiveWindow: number;
  /** Bytes that have come and that the handler has not read yet. */
  unread = 0;
  /** Bytes that the handler has read, and for which no WINDOW_UPDATE has been sent yet. */
  uncredited = 0;
  /** What there was no room for in the windows, in order; and what ends it. */
  readonly pending: Buffer[] = [];
  pendingBytes = 0;
  /** The stream ends behind what is pending: by itself, or by these trailers. */
  ending: boolean | readonly OutField[] = false;

  /** Bytes of its body that have been sent, and how many there were when somebody last looked. */
  sentBytes = 0;
  #seenBytes = 0;

  constructor(id: number, sendWindow: number, receiveWindow: number) {
    this.id = id;
    this.sendWindow = sendWindow;
    this.receiveWindow = receiveWindow;
  }

  /** Whether something is pending, and nothing has been sent since this was last asked. */
  isStalled(): boolean {
    const stalled = this.pendingBytes > 0 && this.sentBytes === this.#seenBytes;
    this.#seenBytes = this.sentBytes;
    return stalled;
  }
}
