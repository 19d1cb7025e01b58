/**
 * Reads the HTTP/1.1 text of a scenario as it is written, so that the same can be said in HTTP/2. It takes what a scenario means, not
 * what a server would have to judge: what only exists in the text of HTTP/1.1 is no message here, and throws.
 */
export type TextTaker = {
  /** A head is whole. Returns how its body is told from what comes behind it. */
  head(start: string, fields: readonly (readonly [name: string, value: string])[]): TextFraming;
  body(bytes: Buffer): void;
  /** The message is whole; `trailers` are names and values. */
  end(trailers: readonly (readonly [string, string])[]): void;
  /** False: what comes next is for later. */
  ready(): boolean;
};

/** A number of bytes; in chunks; or for as long as the connection lasts. */
export type TextFraming = number | 'chunked' | 'to-end';

/** Something that HTTP/2 cannot say. */
export class NotInHttp2 extends Error {}

type State = 'head' | 'counted' | 'to-end' | 'chunk-size' | 'chunk-end' | 'trailers';

export class TextReader {
  readonly #taker: TextTaker;
  #text = '';
  #state: State = 'head';
  #left = 0;
  #chunked = false;
  #trailers: [string, string][] = [];

  constructor(taker: TextTaker) {
    this.#taker = taker;
  }

  /** Whether a message has begun and not ended, as far as its bytes have been written. */
  get inside(): boolean {
    return this.#state !== 'head' || this.#text !== '';
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

  /** The message that is under way has ended by another's will: what is left of its body means nothing. */
  finish(): void {
    if (this.#state !== 'to-end') return;
    this.#state = 'head';
    this.#taker.end([]);
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
    while (this.#text.startsWith('\r\n')) this.#text = this.#text.slice(2);
    const end = this.#text.indexOf('\r\n\r\n');
    if (end === -1 || !this.#taker.ready()) return false;
    const [start = '', ...lines] = this.#text.slice(0, end).split('\r\n');
    this.#text = this.#text.slice(end + 4);
    const framing = this.#taker.head(start, lines.map(fieldOf));
    this.#chunked = framing === 'chunked';
    this.#left = typeof framing === 'number' ? framing : 0;
    this.#trailers = [];
    if (framing === 0) this.#taker.end([]);
    else this.#state = framing === 'chunked' ? 'chunk-size' : framing === 'to-end' ? 'to-end' : 'counted';
    return true;
  }

  #counted(): boolean {
    const took = this.#body(Math.min(this.#left, this.#text.length));
    if (this.#left > 0) return took;
    if (this.#chunked) this.#state = 'chunk-end';
    else {
      this.#state = 'head';
      this.#taker.end([]);
    }
    return true;
  }

  #body(length: number): boolean {
    if (length === 0) return false;
    const bytes = Buffer.from(this.#text.slice(0, length), 'latin1');
    this.#text = this.#text.slice(length);
    this.#left -= length;
    this.#taker.body(bytes);
    return true;
  }

  #size(): boolean {
    const line = this.#line();
    if (line === undefined) return false;
    const size = /^[\dA-Fa-f]+(?=[\t ]*(?:;|$))/.exec(line)?.[0];
    if (size === undefined) throw new NotInHttp2(`a chunk size ${JSON.stringify(line)}`);
    this.#left = Number.parseInt(size, 16);
    this.#state = this.#left === 0 ? 'trailers' : 'counted';
    return true;
  }

  #afterChunk(): boolean {
    if (this.#text.length < 2) return false;
    if (!this.#text.startsWith('\r\n')) throw new NotInHttp2('a chunk of another size');
    this.#text = this.#text.slice(2);
    this.#state = 'chunk-size';
    return true;
  }

  #trailer(): boolean {
    const line = this.#line();
    if (line === undefined) return false;
    if (line !== '') {
      this.#trailers.push(fieldOf(line));
      return true;
    }
    this.#state = 'head';
    this.#taker.end(this.#trailers);
    return true;
  }

  #line(): string | undefined {
    const end = this.#text.indexOf('\r\n');
    if (end === -1) return undefined;
    const line = this.#text.slice(0, end);
    this.#text = this.#text.slice(end + 2);
    return line;
  }
}

function fieldOf(line: string): [string, string] {
  const colon = line.indexOf(':');
  if (colon < 1) throw new NotInHttp2(`a line ${JSON.stringify(line.slice(0, 40))}`);
  return [line.slice(0, colon), line.slice(colon + 1).replace(/^[\t ]+|[\t ]+$/g, '')];
}

/** The value of a field that may be there once. */
export function oneOf(fields: readonly (readonly [string, string])[], name: string): string | undefined {
  const values = fields.filter(([spelled]) => spelled.toLowerCase() === name).map(([, value]) => value);
  if (values.length > 1) throw new NotInHttp2(`${name} more than once`);
  return values[0];
}

/** How a message of HTTP/1.1 says where its body ends; undefined when it does not say it. */
export function framingOf(fields: readonly (readonly [string, string])[]): TextFraming | undefined {
  const coding = oneOf(fields, 'transfer-encoding');
  const length = oneOf(fields, 'content-length');
  if (coding !== undefined) {
    if (length !== undefined || coding.toLowerCase() !== 'chunked') throw new NotInHttp2(`a coding ${coding}`);
    return 'chunked';
  }
  if (length === undefined) return undefined;
  if (!/^\d{1,15}$/.test(length)) throw new NotInHttp2(`a length of ${length}`);
  return Number(length);
}
