import { WINDOW_BYTES } from './frame-type.ts';
import type { FrameWriter } from './frame-writer.ts';
import type { LocalSettings } from './settings.ts';
import type { Stream } from './stream.ts';

/** The receiving side's windows: what the peer may send, and when a WINDOW_UPDATE lets it send more (RFC 9113 §6.9). */
export class Inflow<Handler> {
  readonly #own: LocalSettings;
  readonly #writer: FrameWriter;
  readonly #output: () => void;
  #window = WINDOW_BYTES;
  #uncredited = 0;

  constructor(own: LocalSettings, writer: FrameWriter, output: () => void) {
    this.#own = own;
    this.#writer = writer;
    this.#output = output;
  }

  /** Opens the connection's window as far as the settings want it; streams have theirs by SETTINGS. */
  begin(): void {
    this.#uncredited = this.#own.connectionWindowBytes - WINDOW_BYTES;
    if (this.#uncredited > 0) this.#credit();
  }

  /** A frame comes with so many bytes; false when that is more than the connection's window. */
  came(bytes: number): boolean {
    this.#window -= bytes;
    return this.#window >= 0;
  }

  /** The same of the stream's. */
  cameOn(stream: Stream<Handler>, bytes: number): boolean {
    stream.receiveWindow -= bytes;
    stream.unread += bytes;
    return stream.receiveWindow >= 0;
  }

  /** The handler has dealt with so many bytes. */
  read(stream: Stream<Handler>, bytes: number): void {
    if (stream.closed) return;
    stream.unread -= bytes;
    stream.uncredited += bytes;
    this.passedOver(bytes);
    if (stream.remoteEnded || stream.uncredited * 2 < this.#own.streamWindowBytes) return;
    this.#writer.windowUpdate(stream.id, stream.uncredited);
    stream.receiveWindow += stream.uncredited;
    stream.uncredited = 0;
    this.#output();
  }

  /** So many bytes have come that nobody will read. */
  passedOver(bytes: number): void {
    this.#uncredited += bytes;
    if (this.#uncredited * 2 >= this.#own.connectionWindowBytes) this.#credit();
  }

  #credit(): void {
    this.#writer.windowUpdate(0, this.#uncredited);
    this.#window += this.#uncredited;
    this.#uncredited = 0;
    this.#output();
  }
}
