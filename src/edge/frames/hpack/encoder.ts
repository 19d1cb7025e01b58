import { DynamicTable, TABLE_BYTES } from './dynamic-table.ts';
import { FIELD_OVERHEAD_BYTES } from './field.ts';
import { codedBytes, encodeHuffman } from './huffman.ts';
import type { OutField } from './out-field.ts';
import { STATIC_FIELDS } from './static-table.ts';

/** Bytes that an integer takes at most here. */
const INTEGER_BYTES = 6;

/**
 * Encodes the header blocks of one direction of one connection (RFC 7541). What repeats is put into the peer's table once, coded as
 * shortly as it can be; what does not is written as it is, which costs the least.
 */
export class Encoder {
  /** Larger tables that the peer would keep for us would have to be kept here, too. */
  readonly #ownBytesMax: number;
  #bytesMax: number;
  /** The smallest size since the last block, and whether the peer has to be told of a change (§4.2). */
  #smallest: number;
  #changed = false;
  #table: DynamicTable<OutField> | undefined;
  /** The numbers of the entries, and the number of the newest that has a name. */
  #numbers: Map<OutField, number> = NO_NUMBERS;
  #names: Map<string, number> = NO_NAMES;
  #block = NOTHING;
  #end = 0;

  constructor(ownBytesMax = TABLE_BYTES) {
    this.#ownBytesMax = ownBytesMax;
    this.#bytesMax = Math.min(TABLE_BYTES, ownBytesMax);
    this.#smallest = this.#bytesMax;
    this.#changed = this.#bytesMax !== TABLE_BYTES;
  }

  /** The peer says how large its table may be (SETTINGS_HEADER_TABLE_SIZE). */
  limit(peerBytesMax: number): void {
    const bytesMax = Math.min(peerBytesMax, this.#ownBytesMax);
    if (bytesMax === this.#bytesMax) return;
    this.#bytesMax = bytesMax;
    this.#smallest = Math.min(this.#smallest, bytesMax);
    this.#changed = true;
    this.#table?.resize(bytesMax);
  }

  /** The block of these fields. It is true until the next block of any encoder of the thread. */
  encode(fields: readonly OutField[]): Buffer {
    this.#block = shared;
    this.#end = 0;
    if (this.#changed) this.#tellSize();
    for (const field of fields) this.#field(field);
    shared = this.#block;
    this.#block = NOTHING;
    return shared.subarray(0, this.#end);
  }

  #field(field: OutField): void {
    this.#reserve(field.bytes - FIELD_OVERHEAD_BYTES + 3 * INTEGER_BYTES);
    if (field.staticIndex > 0) return this.#integer(0x80, 0x7f, field.staticIndex);
    const place = this.#place(this.#numbers.get(field));
    if (place > 0) return this.#integer(0x80, 0x7f, place);
    const name = field.staticName > 0 ? field.staticName : this.#place(this.#names.get(field.name));
    if (field.indexing === 'never') return this.#literal(0x10, 0x0f, name, field);
    // A name that no table has is worth a place, even where the value is not.
    if (field.indexing === 'literal' && name > 0) return this.#literal(0x00, 0x0f, name, field);
    if (field.bytes > this.#bytesMax) return this.#literal(0x00, 0x0f, name, field);
    this.#literal(0x40, 0x3f, name, field);
    this.#remember(field);
  }

  /** Where the entry of this number is now, among the indexes of both tables; 0 when it is not. */
  #place(number: number | undefined): number {
    if (number === undefined || this.#table === undefined) return 0;
    const place = this.#table.placeOf(number);
    return place < 0 ? 0 : place + STATIC_FIELDS.length + 1;
  }

  #remember(field: OutField): void {
    const number = (this.#table ?? this.#newTable()).add(field);
    this.#numbers.set(field, number);
    this.#names.set(field.name, number);
  }

  /** As long as nothing has been put into it, a connection has none. */
  #newTable(): DynamicTable<OutField> {
    this.#table = new DynamicTable(this.#bytesMax, (gone) => this.#forget(gone));
    this.#numbers = new Map();
    this.#names = new Map();
    return this.#table;
  }

  #forget(gone: OutField): void {
    const number = this.#numbers.get(gone);
    this.#numbers.delete(gone);
    if (number !== undefined && this.#names.get(gone.name) === number) this.#names.delete(gone.name);
  }

  #literal(first: number, mask: number, name: number, field: OutField): void {
    this.#integer(first, mask, name);
    const shortly = first === 0x40;
    if (name === 0) this.#string(field.name, true);
    this.#string(field.value, shortly);
  }

  #string(text: string, shortly: boolean): void {
    const bytes = shortly ? codedBytes(text) : text.length;
    if (bytes >= text.length) {
      this.#integer(0, 0x7f, text.length);
      this.#end = writeText(text, this.#block, this.#end);
    } else {
      this.#integer(0x80, 0x7f, bytes);
      this.#end = encodeHuffman(text, this.#block, this.#end);
    }
  }

  #tellSize(): void {
    this.#reserve(2 * INTEGER_BYTES);
    if (this.#smallest < this.#bytesMax) this.#integer(0x20, 0x1f, this.#smallest);
    this.#integer(0x20, 0x1f, this.#bytesMax);
    this.#smallest = this.#bytesMax;
    this.#changed = false;
  }

  /** An integer behind the bits of `first`, in a prefix with the bits of `mask` (§5.1). */
  #integer(first: number, mask: number, value: number): void {
    const block = this.#block;
    if (value < mask) {
      block[this.#end++] = first | value;
      return;
    }
    block[this.#end++] = first | mask;
    let rest = value - mask;
    for (; rest >= 128; rest >>>= 7) block[this.#end++] = (rest & 0x7f) | 0x80;
    block[this.#end++] = rest;
  }

  #reserve(bytes: number): void {
    if (this.#end + bytes <= this.#block.length) return;
    const larger = Buffer.allocUnsafeSlow((this.#end + bytes) * 2);
    this.#block.copy(larger, 0, 0, this.#end);
    this.#block = larger;
  }
}

/** Writes a text of one character a byte; returns the offset after it. A call of the runtime is dear for a few letters. */
function writeText(text: string, into: Buffer, at: number): number {
  const { length } = text;
  if (length > LETTERS_MAX) return at + into.write(text, at, 'latin1');
  for (let i = 0; i < length; i += 1) into[at + i] = text.charCodeAt(i);
  return at + length;
}

/** Longer texts are written by the runtime. */
const LETTERS_MAX = 64;

const NOTHING = Buffer.alloc(0);
/** Nothing is ever put into these. */
const NO_NUMBERS = new Map<OutField, number>();
const NO_NAMES = new Map<string, number>();
let shared = Buffer.allocUnsafeSlow(16 * 1024);
