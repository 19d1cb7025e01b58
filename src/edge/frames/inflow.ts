import { WINDOW_BYTES } from './frame-type.ts';
import type { FrameWriter } from './frame-writer.ts';
import type { LocalSettings } from './settings.ts';
import type { Stream } from './stream.ts';

/** The receiving side's windows: what the peer may send, and when it is told that it may send more (RFC 9113 §6.9). */
export class Inflow<Owner> {
  readonly #own: LocalSettings;
  readonly #writer: FrameWriter;
  readonly #output: () => void;
  #window = WINDOW_BYTES;
  #untold = 0;

  constructor(own: LocalSettings, writer: FrameWriter, output: () => void) {
    this.#own = own;
    this.#writer = writer;
    this.#output = output;
  }

  /** Opens the connection's window as far as the settings want it; streams have theirs by SETTINGS. */
  begin(): void {
    this.#untold = this.#own.connectionWindowBytes - WINDOW_BYTES;
    if (this.#untold > 0) this.#tell();
  }

  /** A frame comes with so many bytes; false when that is more than the connection's window. */
  came(bytes: number): boolean {
    this.#window -= bytes;
    return this.#window >= 0;
  }

  /** The same of the stream's. */
  cameOn(stream: Stream<Owner>, bytes: number): boolean {
    stream.receiveWindow -= bytes;
    stream.unread += bytes;
    return stream.receiveWindow >= 0;
  }

  /** The owner has dealt with so many bytes. */
  read(stream: Stream<Owner>, bytes: number): void {
    if (stream.closed) return;
    stream.unread -= bytes;
    stream.untold += bytes;
    this.passedOver(bytes);
    if (stream.remoteEnded || stream.untold * 2 < this.#own.streamWindowBytes) return;
    this.#writer.windowUpdate(stream.id, stream.untold);
    stream.receiveWindow += stream.untold;
    stream.untold = 0;
    this.#output();
  }

  /** So many bytes have come that nobody will read. */
  passedOver(bytes: number): void {
    this.#untold += bytes;
    if (this.#untold * 2 >= this.#own.connectionWindowBytes) this.#tell();
  }

  #tell(): void {
    this.#writer.windowUpdate(0, this.#untold);
    this.#window += this.#untold;
    this.#untold = 0;
    this.#output();
  }
}
