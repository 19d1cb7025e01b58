import { type TextFraming, TextReader, type TextTaker } from './text-reader.ts';

/**
 * Reads HTTP/1.1 messages from bytes by the letter of RFC 9112, and takes nothing else: what a proxy writes has to pass here
 * on either side of it.
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

export class MessageReader implements TextTaker {
  readonly skipsEmptyLines = false;
  readonly #reading: Reading;
  readonly #text = new TextReader(this);
  #open: Open | undefined;
  #answers = 0;
  /** What was wrong with the bytes; nothing is read after it. */
  problem: string | undefined;

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  /** Bytes that have been read and belong to no whole message; after an upgrade, all that came after it. */
  get rest(): string {
    return this.#text.rest;
  }

  /** Whether a message has begun and not ended. */
  get inside(): boolean {
    return this.#text.inside;
  }

  push(bytes: Buffer): void {
    try {
      this.#text.push(bytes.toString('latin1'));
    } catch (error) {
      this.problem ??= (error as Error).message;
    }
  }

  /** The connection has ended in order: a body that lasts to the end is whole. */
  finish(): void {
    if (this.problem === undefined) this.#text.finish();
  }

  ready(): boolean {
    return this.problem === undefined;
  }

  head(start: string, lines: readonly string[]): TextFraming {
    const { side, head } = this.#reading;
    if (!(side === 'request' ? REQUEST : ANSWER).test(start)) throw new Error(`start line ${JSON.stringify(start)}`);
    const headers = lines.flatMap(headerOf);
    const framing = this.#framing(start, headers);
    head?.(start, headers);
    this.#open = { start, headers, framing, body: [], trailers: [] };
    if (framing === 'length') return Number(valuesOf(headers, 'content-length')[0]);
    if (framing !== 'none') return framing;
    return this.#status(start) === 101 ? 'raw' : 0;
  }

  chunkBytes(line: string): number {
    const size = CHUNK.exec(line)?.[1];
    if (size === undefined) throw new Error(`chunk size ${JSON.stringify(line)}`);
    return Number.parseInt(size, 16);
  }

  body(text: string): void {
    this.#open?.body.push(text);
  }

  trailer(line: string): void {
    this.#open?.trailers.push(...headerOf(line));
  }

  end(): void {
    const { body, ...open } = this.#open as Open;
    if (this.#status(open.start) >= 200) this.#answers += 1;
    this.#reading.message({ ...open, body: body.join('') });
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
    if (this.#isBodiless(start)) return 'none';
    if (codings.length > 0) return 'chunked';
    if (lengths.length > 0) return 'length';
    return this.#reading.side === 'request' ? 'none' : 'to-end';
  }

  #isBodiless(start: string): boolean {
    const { side } = this.#reading;
    if (side === 'request') return false;
    const status = this.#status(start);
    return status < 200 || status === 204 || status === 304 || side.methodOf(this.#answers) === 'HEAD';
  }

  /** 0 for a request. */
  #status(start: string): number {
    return this.#reading.side === 'request' ? 0 : Number(start.slice(9, 12));
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
