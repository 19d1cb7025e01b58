import { CONTENT_LENGTH, goesInTrailers, TRANSFER_ENCODING } from './field-kind.ts';
import { FieldTable, parseFields } from './fields.ts';

/** Bytes of trailers after a body, and of extensions of one chunk and of all chunks of a body. */
export const TRAILER_BYTES_MAX = 8 * 1024;
export const EXTENSION_BYTES_MAX = 256;
export const EXTENSIONS_BYTES_MAX = 16 * 1024;
/** Zeros before a size that go on. With them a size has 16 digits at most, which every reader takes. */
export const LEADING_ZEROS_MAX = 2;

/**
 * Follows the framing of a body in chunks (RFC 9112 §7.1) through the bytes as they come, strictly:
 *
 *   chunk = *"0" 1*14HEXDIG extensions CRLF data CRLF
 *   extensions = *( BWS 1*";" BWS [ token ] [ BWS "=" BWS [ token / quoted ] ] ) BWS
 *   last  = 1*"0" extensions CRLF *( field CRLF ) CRLF
 *
 * A body may go on as it came, less its extensions and white space, which are for one hop only, zeros before a size that others may not
 * read, and its trailers, which are gathered: what does not go on is listed in `omitted`, nearly always nothing.
 */
export class ChunkScanner {
  /** Offsets in the bytes of the last scan, two a piece, of what does not go on. */
  readonly omitted: number[] = [];
  /** Offsets in the bytes of the last scan, two a piece, of the data of chunks; so many of them are of that scan. */
  readonly data: number[] = [];
  dataOffsets = 0;
  /** The body has ended. */
  done = false;
  /** The framing is wrong; nothing more can be said of what follows. */
  broken = false;
  /** The trailers that may go on, as lines with their CRLF; only once the body has ended. */
  trailers = '';
  /** Whether there were trailers: then the empty line after them is omitted too. */
  trailing = false;
  #state = SIZE;
  #size = 0;
  #digits = 0;
  #extension = '';
  #extensionBytes = 0;
  #trailerText = '';

  reset(): void {
    this.omitted.length = 0;
    this.done = false;
    this.broken = false;
    this.trailers = '';
    this.trailing = false;
    this.#state = SIZE;
    this.#size = 0;
    this.#digits = 0;
    this.#extensionBytes = 0;
    this.#trailerText = '';
  }

  /** Follows the body through these bytes; returns the offset after what belongs to it. */
  scan(bytes: Buffer, from: number, to: number): number {
    this.omitted.length = 0;
    this.dataOffsets = 0;
    let i = from;
    while (i < to && !this.done && !this.broken) {
      if (this.#state === DATA) {
        const piece = Math.min(this.#size, to - i);
        this.data[this.dataOffsets++] = i;
        this.#size -= piece;
        i += piece;
        this.data[this.dataOffsets++] = i;
        if (this.#size === 0) this.#state = DATA_CR;
      } else if (this.#state === EXTENSION) i = this.#readExtension(bytes, i, to);
      else if (this.#state === TRAILERS) i = this.#readTrailers(bytes, i, to);
      else {
        this.#step(bytes[i] as number, i);
        // A byte that begins what is omitted is looked at again there.
        if (this.#state !== EXTENSION && this.#state !== TRAILERS) i += 1;
      }
    }
    return i;
  }

  /** A copy of the bytes of the last scan less what is omitted; `trailers` are the lines that go behind the last chunk instead. */
  without(bytes: Buffer, from: number, to: number, trailers: string): Buffer {
    const pieces: Buffer[] = [];
    let at = from;
    for (let i = 0; i < this.omitted.length; i += 2) {
      pieces.push(bytes.subarray(at, this.omitted[i]));
      at = this.omitted[i + 1] as number;
    }
    pieces.push(bytes.subarray(at, to));
    if (this.trailing && this.done) pieces.push(Buffer.from(`${trailers}\r\n`, 'latin1'));
    return Buffer.concat(pieces);
  }

  #step(byte: number, at: number): void {
    switch (this.#state) {
      case SIZE:
        return this.#readSize(byte, at);
      case SIZE_LF:
        if (byte !== LF) this.broken = true;
        else this.#state = this.#size === 0 ? LAST : DATA;
        return;
      case DATA_CR:
        return this.#expect(byte, CR, DATA_LF);
      case DATA_LF:
        this.#digits = 0;
        return this.#expect(byte, LF, SIZE);
      case LAST:
        this.#state = byte === CR ? LAST_LF : TRAILERS;
        return;
      default:
        if (byte === LF) this.done = true;
        else this.broken = true;
    }
  }

  #readSize(byte: number, at: number): void {
    const digit = HEX[byte] as number;
    if (digit === 0 && this.#size === 0 && this.#digits === LEADING_ZEROS_MAX) this.omitted.push(at, at + 1);
    else if (digit !== NO_DIGIT) {
      this.#size = this.#size * 16 + digit;
      this.#digits += 1;
      if (this.#digits > 16 || this.#size > Number.MAX_SAFE_INTEGER) this.broken = true;
    } else if (this.#digits === 0) this.broken = true;
    else if (byte === CR) this.#state = SIZE_LF;
    else if (byte === SEMICOLON || byte === SP || byte === HTAB) {
      this.#state = EXTENSION;
      this.#extension = '';
    } else this.broken = true;
  }

  #expect(byte: number, expected: number, next: number): void {
    if (byte === expected) this.#state = next;
    else this.broken = true;
  }

  #readExtension(bytes: Buffer, from: number, to: number): number {
    const found = bytes.indexOf(CR, from);
    const end = found === -1 || found > to ? to : found;
    this.#extensionBytes += end - from;
    this.#extension += bytes.toString('latin1', from, Math.min(end, from + EXTENSION_BYTES_MAX + 1));
    this.omitted.push(from, end);
    if (this.#extension.length > EXTENSION_BYTES_MAX || this.#extensionBytes > EXTENSIONS_BYTES_MAX) this.broken = true;
    if (end < to) {
      if (!EXTENSIONS.test(this.#extension)) this.broken = true;
      this.#state = SIZE_LF;
      return end + 1;
    }
    return end;
  }

  #readTrailers(bytes: Buffer, from: number, to: number): number {
    this.trailing = true;
    const before = this.#trailerText.length;
    this.#trailerText += bytes.toString('latin1', from, Math.min(to, from + TRAILER_BYTES_MAX + 1));
    const last = this.#trailerText.indexOf('\r\n\r\n', Math.max(0, before - 3));
    if (last === -1) {
      this.broken = this.#trailerText.length > TRAILER_BYTES_MAX;
      this.omitted.push(from, to);
      return to;
    }
    const end = from + last + 4 - before;
    this.omitted.push(from, end);
    this.#takeTrailers(Buffer.from(this.#trailerText.slice(0, last + 4), 'latin1'));
    return end;
  }

  #break(): void {
    this.done = false;
    this.broken = true;
  }

  #takeTrailers(text: Buffer): void {
    const end = parseFields(text, 0, text.length, TRAILER_FIELDS);
    this.done = end === text.length;
    this.broken = !this.done;
    for (let i = 0; i < TRAILER_FIELDS.count && this.done; i += 1) {
      // Framing, routing and connection are said in the head or not at all (RFC 9110 §6.5.1), and framing is no joke.
      const kind = TRAILER_FIELDS.kinds[i] as number;
      if (kind === CONTENT_LENGTH || kind === TRANSFER_ENCODING) this.#break();
      if (!goesInTrailers(kind)) continue;
      const { at } = TRAILER_FIELDS;
      const name = text.toString('latin1', at[i * 4], at[i * 4 + 1]);
      this.trailers += `${name}: ${text.toString('latin1', at[i * 4 + 2], at[i * 4 + 3])}\r\n`;
    }
  }
}

const TRAILER_FIELDS = new FieldTable();

const SIZE = 0;
const EXTENSION = 1;
const SIZE_LF = 2;
const DATA = 3;
const DATA_CR = 4;
const DATA_LF = 5;
const LAST = 6;
const LAST_LF = 7;
const TRAILERS = 8;

const CR = 13;
const LF = 10;
const SP = 32;
const HTAB = 9;
const SEMICOLON = 59;

const NO_DIGIT = 255;
const HEX = Uint8Array.from({ length: 256 }, (_, code) => {
  const digit = Number.parseInt(String.fromCharCode(code), 16);
  return Number.isNaN(digit) ? NO_DIGIT : digit;
});

const TOKENS = String.raw`[!#$%&'*+.^_\`|~0-9A-Za-z-]+`;
const QUOTED = String.raw`"(?:[^"\\\x00-\x1f\x7f]|\\[^\x00-\x1f\x7f])*"`;
/** As lenient as llhttp, and with the white space that RFC 9112 §7.1.1 has recipients take: they go no further anyway. */
const SEPARATOR = String.raw`;(?:[\t ]*;)*[\t ]*`;
const EXTENSION_VALUE = String.raw`(?:${TOKENS})?(?:${QUOTED})?`;
const EXTENSION_ITEM = String.raw`(?:${TOKENS}(?:[\t ]*=[\t ]*${EXTENSION_VALUE})?|=(?=[^\t ;])${EXTENSION_VALUE})`;
const EXTENSIONS = new RegExp(String.raw`^[\t ]*(?:${SEPARATOR}${EXTENSION_ITEM}[\t ]*)*$`);
