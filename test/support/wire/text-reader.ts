/**
 * Follows HTTP/1.1 messages in text, one character a byte, and hands their parts to a taker, which judges each of them: what the taker throws
 * at ends the reading. It shares no line with what it is to judge.
 */
export type TextTaker = {
  /** Whether empty lines before a head mean nothing (RFC 9112 §2.2). */
  readonly skipsEmptyLines: boolean;
  /** False: what comes next is for later. */
  ready(): boolean;
  /** A head is whole. Returns how its body is told from what comes behind it. */
  head(start: string, lines: readonly string[]): TextFraming;
  /** The bytes of the chunk that a line begins. */
  chunkBytes(line: string): number;
  body(text: string): void;
  trailer(line: string): void;
  /** The message is whole. */
  end(): void;
};

/** A number of bytes; in chunks; for as long as the connection lasts; or no body, and no further messages behind it. */
export type TextFraming = number | 'chunked' | 'to-end' | 'raw';

type State = 'head' | 'counted' | 'to-end' | 'chunk-size' | 'chunk-end' | 'trailers' | 'raw';

export class TextReader {
  readonly #taker: TextTaker;
  #text = '';
  #state: State = 'head';
  #left = 0;
  #chunked = false;

  constructor(taker: TextTaker) {
    this.#taker = taker;
  }

  /** What has been read and belongs to no whole part; after an upgrade, all that came after it. */
  get rest(): string {
    return this.#text;
  }

  /** Whether a message has begun and not ended, as far as its bytes have come. */
  get inside(): boolean {
    return this.#state !== 'raw' && (this.#state !== 'head' || this.#text !== '');
  }

  /** Whether the message that is under way lasts for as long as its connection does. */
  get toEnd(): boolean {
    return this.#state === 'to-end';
  }

  push(text: string): void {
    this.#text += text;
    this.go();
  }

  /** Goes on, where the taker was not ready before. */
  go(): void {
    while (this.#step());
  }

  /** The connection has ended in order: a body that lasts to the end is whole. */
  finish(): void {
    if (this.#state === 'to-end') this.#whole();
  }

  #step(): boolean {
    switch (this.#state) {
      case 'head':
        return this.#head();
      case 'counted':
        return this.#counted();
      case 'to-end':
        return this.#body(this.#text.length);
      case 'chunk-size':
        return this.#size();
      case 'chunk-end':
        return this.#afterChunk();
      case 'trailers':
        return this.#trailer();
      default:
        return false;
    }
  }

  #head(): boolean {
    if (this.#taker.skipsEmptyLines) while (this.#text.startsWith('\r\n')) this.#text = this.#text.slice(2);
    const end = this.#text.indexOf('\r\n\r\n');
    if (end === -1 || !this.#taker.ready()) return false;
    const [start = '', ...lines] = this.#text.slice(0, end).split('\r\n');
    this.#text = this.#text.slice(end + 4);
    const framing = this.#taker.head(start, lines);
    this.#chunked = framing === 'chunked';
    this.#left = typeof framing === 'number' ? framing : 0;
    if (framing === 0 || framing === 'raw') this.#whole(framing === 'raw' ? 'raw' : 'head');
    else this.#state = framing === 'chunked' ? 'chunk-size' : framing === 'to-end' ? 'to-end' : 'counted';
    return true;
  }

  #counted(): boolean {
    const took = this.#body(Math.min(this.#left, this.#text.length));
    if (this.#left > 0) return took;
    if (this.#chunked) this.#state = 'chunk-end';
    else this.#whole();
    return true;
  }

  #body(length: number): boolean {
    if (length === 0) return false;
    const text = this.#text.slice(0, length);
    this.#text = this.#text.slice(length);
    this.#left -= length;
    this.#taker.body(text);
    return true;
  }

  #size(): boolean {
    const line = this.#line();
    if (line === undefined) return false;
    this.#left = this.#taker.chunkBytes(line);
    this.#state = this.#left === 0 ? 'trailers' : 'counted';
    return true;
  }

  #afterChunk(): boolean {
    if (this.#text.length < 2) return false;
    if (!this.#text.startsWith('\r\n')) throw new Error('no CRLF after a chunk');
    this.#text = this.#text.slice(2);
    this.#state = 'chunk-size';
    return true;
  }

  #trailer(): boolean {
    const line = this.#line();
    if (line === undefined) return false;
    if (line === '') this.#whole();
    else this.#taker.trailer(line);
    return true;
  }

  #line(): string | undefined {
    const end = this.#text.indexOf('\r\n');
    if (end === -1) return undefined;
    const line = this.#text.slice(0, end);
    this.#text = this.#text.slice(end + 2);
    return line;
  }

  #whole(next: 'head' | 'raw' = 'head'): void {
    this.#state = next;
    this.#taker.end();
  }
}
