/**
 * Reads HTTP/1.1 messages from bytes by the letter of RFC 9112, and takes nothing else: what a proxy writes has to pass here
 * on either side of it. It shares no line with what it is to judge.
 */
export type Message = {
  readonly start: string;
  /** Names and values alternating, as they came. */
  readonly headers: readonly string[];
  /** What the body says, without its framing, a character a byte. */
  readonly body: string;
  readonly framing: 'none' | 'length' | 'chunked' | 'to-end';
  readonly trailers: readonly string[];
};

export type Reading = {
  /** A request, or an answer to a request with the method that this returns. */
  readonly side: 'request' | { readonly methodOf: (nth: number) => string };
  readonly message: (message: Message) => void;
  /** A head is complete; its body is still to come. */
  readonly head?: (start: string, headers: readonly string[]) => void;
};

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const REQUEST = new RegExp(`^${TOKEN} [\\x21-\\x7e\\x80-\\xff]+ HTTP/1\\.[01]$`);
const ANSWER = /^HTTP\/1\.[01] [1-9]\d\d(?: [\t\x20-\x7e\x80-\xff]*)?$/;
const HEADER = new RegExp(
  `^(${TOKEN}):[\\t ]*((?:[\\x21-\\x7e\\x80-\\xff](?:[\\t\\x20-\\x7e\\x80-\\xff]*[\\x21-\\x7e\\x80-\\xff])?)?)[\\t ]*$`,
);
const CHUNK = /^([0-9A-Fa-f]{1,8})(?:[\t ]*;[\t\x20-\x7e\x80-\xff]*)?$/;

type Open = {
  start: string;
  headers: readonly string[];
  framing: Message['framing'];
  body: string[];
  trailers: string[];
};
type State = 'head' | 'length' | 'to-end' | 'chunk-size' | 'chunk' | 'chunk-end' | 'trailers' | 'raw';

export class MessageReader {
  readonly #reading: Reading;
  #text = '';
  #state: State = 'head';
  #open: Open | undefined;
  #leftBytes = 0;
  #answers = 0;
  /** What was wrong with the bytes; nothing is read after it. */
  problem: string | undefined;

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  /** Bytes that have been read and belong to no whole message; after an upgrade, all that came after it. */
  get rest(): string {
    return this.#text;
  }

  /** Whether a message has begun and not ended. */
  get inside(): boolean {
    return this.#state !== 'raw' && (this.#state !== 'head' || this.#text !== '');
  }

  push(bytes: Buffer): void {
    this.#text += bytes.toString('latin1');
    try {
      while (this.problem === undefined && this.#step());
    } catch (error) {
      this.problem = (error as Error).message;
    }
  }

  /** The connection has ended in order: a body that lasts to the end is whole. */
  end(): void {
    if (this.problem === undefined && this.#state === 'to-end') this.#finish();
  }

  #step(): boolean {
    switch (this.#state) {
      case 'head':
        return this.#head();
      case 'length':
      case 'chunk':
        return this.#counted();
      case 'chunk-size':
        return this.#chunkSize();
      case 'chunk-end':
        return this.#chunkEnd();
      case 'trailers':
        return this.#trailer();
      case 'to-end':
        this.#take(this.#text.length);
        return false;
      default:
        return false;
    }
  }

  #head(): boolean {
    const end = this.#text.indexOf('\r\n\r\n');
    if (end === -1) return false;
    const [start = '', ...lines] = this.#text.slice(0, end).split('\r\n');
    this.#text = this.#text.slice(end + 4);
    if (!(this.#reading.side === 'request' ? REQUEST : ANSWER).test(start))
      throw new Error(`start line ${JSON.stringify(start)}`);
    const headers = lines.flatMap(headerOf);
    const framing = this.#framing(start, headers);
    this.#reading.head?.(start, headers);
    this.#open = { start, headers, framing, body: [], trailers: [] };
    if (framing === 'none' || (framing === 'length' && this.#leftBytes === 0)) this.#finish();
    else this.#state = framing === 'chunked' ? 'chunk-size' : framing;
    return true;
  }

  /** RFC 9112 §6.3, and nothing that it leaves to the reader. */
  #framing(start: string, headers: readonly string[]): Message['framing'] {
    const lengths = valuesOf(headers, 'content-length');
    const codings = valuesOf(headers, 'transfer-encoding');
    if (lengths.length > 1 || lengths.some((length) => !/^\d{1,15}$/.test(length)))
      throw new Error(`Content-Length ${lengths.join('|')}`);
    if (codings.length > 0 && (lengths.length > 0 || codings.join(',').toLowerCase() !== 'chunked')) {
      throw new Error(`Transfer-Encoding ${codings.join('|')} and Content-Length ${lengths.join('|')}`);
    }
    this.#leftBytes = Number(lengths[0] ?? 0);
    if (this.#reading.side !== 'request' && this.#isBodiless(start)) return 'none';
    if (codings.length > 0) return 'chunked';
    if (lengths.length > 0) return 'length';
    return this.#reading.side === 'request' ? 'none' : 'to-end';
  }

  #isBodiless(start: string): boolean {
    const status = Number(start.slice(9, 12));
    if (status < 200) return true;
    const nth = this.#answers;
    const method = this.#reading.side === 'request' ? '' : this.#reading.side.methodOf(nth);
    return status === 204 || status === 304 || method === 'HEAD';
  }

  #counted(): boolean {
    this.#take(Math.min(this.#leftBytes, this.#text.length));
    if (this.#leftBytes > 0) return false;
    if (this.#state === 'length') this.#finish();
    else this.#state = 'chunk-end';
    return true;
  }

  #chunkSize(): boolean {
    const line = this.#line();
    if (line === undefined) return false;
    const size = CHUNK.exec(line)?.[1];
    if (size === undefined) throw new Error(`chunk size ${JSON.stringify(line)}`);
    this.#leftBytes = Number.parseInt(size, 16);
    this.#state = this.#leftBytes === 0 ? 'trailers' : 'chunk';
    return true;
  }

  #chunkEnd(): boolean {
    if (this.#text.length < 2) return false;
    if (!this.#text.startsWith('\r\n')) throw new Error('no CRLF after a chunk');
    this.#text = this.#text.slice(2);
    this.#state = 'chunk-size';
    return true;
  }

  #trailer(): boolean {
    const line = this.#line();
    if (line === undefined) return false;
    if (line === '') this.#finish();
    else this.#open?.trailers.push(...headerOf(line));
    return true;
  }

  #line(): string | undefined {
    const end = this.#text.indexOf('\r\n');
    if (end === -1) return undefined;
    const line = this.#text.slice(0, end);
    this.#text = this.#text.slice(end + 2);
    return line;
  }

  #take(bytes: number): void {
    if (bytes > 0) this.#open?.body.push(this.#text.slice(0, bytes));
    this.#text = this.#text.slice(bytes);
    this.#leftBytes -= bytes;
  }

  #finish(): void {
    const { body, ...open } = this.#open as Open;
    const status = this.#reading.side === 'request' ? 0 : Number(open.start.slice(9, 12));
    if (status >= 200) this.#answers += 1;
    this.#state = status === 101 ? 'raw' : 'head';
    this.#reading.message({ ...open, body: body.join('') });
  }
}

/** The values of a header, in order; `name` in lower case. */
export function valuesOf(headers: readonly string[], name: string): string[] {
  return headers.filter((_, i) => i % 2 === 1 && headers[i - 1]?.toLowerCase() === name);
}

function headerOf(line: string): [string, string] {
  const [, name, value] = HEADER.exec(line) ?? [];
  if (name === undefined || value === undefined) throw new Error(`header ${JSON.stringify(line)}`);
  return [name, value];
}
