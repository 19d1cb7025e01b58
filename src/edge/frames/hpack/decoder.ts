import { COMPRESSION_ERROR, ENHANCE_YOUR_CALM, NO_ERROR } from '../error-code.ts';
import { DynamicTable, TABLE_BYTES } from './dynamic-table.ts';
import { Field, FieldName, isSound } from './field.ts';
import type { FieldList } from './field-list.ts';
import { decodedBytesMax, decodeHuffman } from './huffman.ts';
import { BLOCK_BYTES_MAX, KnownBlocks } from './known-blocks.ts';
import { STATIC_FIELDS } from './static-table.ts';

/** A block may begin with two: the smallest size that there was in between, and the last one (RFC 7541 §4.2). */
const SIZE_UPDATES_MAX = 2;

/** Integers above this are no length and no index of anything here. */
const INTEGER_MAX = 2 ** 24;

/** Decodes the header blocks of one direction of one connection (RFC 7541). An error ends the connection: the tables differ then. */
export class Decoder {
  readonly #tableBytesMax: number;
  #table: DynamicTable<Field> | undefined;
  /** Made for the first block that may come again. */
  #known: KnownBlocks | undefined;
  #bytes = NOTHING;
  #at = 0;
  #to = 0;

  /** `tableBytesMax` is how large the peer's table may be, as our settings say. */
  constructor(tableBytesMax = TABLE_BYTES) {
    this.#tableBytesMax = tableBytesMax;
  }

  /** Reads a whole block into `list`. Returns an error code: `NO_ERROR`, `COMPRESSION_ERROR`, or `ENHANCE_YOUR_CALM` for a list beyond all bounds. */
  decode(bytes: Buffer, from: number, to: number, list: FieldList): number {
    const changes = this.#table?.changes ?? 0;
    const again = this.#known?.find(changes, bytes, from, to);
    if (again !== undefined) {
      list.isAgain(again);
      return NO_ERROR;
    }
    const code = this.#decode(bytes, from, to, list);
    const mayBe = code === NO_ERROR && to - from <= BLOCK_BYTES_MAX && !list.isTooLarge;
    if (mayBe && changes === (this.#table?.changes ?? 0)) {
      this.#known ??= new KnownBlocks();
      const { fields, bytes: listBytes } = list;
      list.known = this.#known.remember(changes, bytes.subarray(from, to), { fields, listBytes });
    }
    return code;
  }

  #decode(bytes: Buffer, from: number, to: number, list: FieldList): number {
    this.#bytes = bytes;
    this.#at = from;
    this.#to = to;
    let updates = 0;
    while (this.#at < to) {
      const first = bytes[this.#at] as number;
      if ((first & 0xe0) === 0x20) {
        updates += 1;
        // Only before the fields of a block (§4.2).
        if (list.bytes > 0 || updates > SIZE_UPDATES_MAX || !this.#resize()) return COMPRESSION_ERROR;
        continue;
      }
      const field = (first & 0x80) === 0 ? this.#literal(first) : this.#fieldAt(this.#integer(0x7f));
      if (field === undefined) return COMPRESSION_ERROR;
      if (!list.add(field)) return ENHANCE_YOUR_CALM;
    }
    this.#bytes = NOTHING;
    return NO_ERROR;
  }

  /** With incremental indexing (01), without (0000), never (0001): the last two differ for those who pass blocks on as they are. */
  #literal(first: number): Field | undefined {
    const indexing = (first & 0x40) !== 0;
    const index = this.#integer(indexing ? 0x3f : 0x0f);
    if (index === -1) return undefined;
    const name = index === 0 ? this.#name() : this.#fieldAt(index)?.name;
    if (name === undefined || !this.#string()) return undefined;
    const value = stringEnd === stringFrom ? '' : stringBytes.toString('latin1', stringFrom, stringEnd);
    const field = new Field(name, value, isSound(stringBytes, stringFrom, stringEnd));
    if (indexing) this.#dynamic().add(field);
    return field;
  }

  #name(): FieldName | undefined {
    return this.#string() ? new FieldName(stringBytes.toString('latin1', stringFrom, stringEnd)) : undefined;
  }

  #fieldAt(index: number): Field | undefined {
    if (index <= 0) return undefined;
    if (index <= STATIC_FIELDS.length) return STATIC_FIELDS[index - 1];
    return this.#table?.at(index - STATIC_FIELDS.length - 1);
  }

  #dynamic(): DynamicTable<Field> {
    this.#table ??= new DynamicTable(this.#tableBytesMax);
    return this.#table;
  }

  #resize(): boolean {
    const bytes = this.#integer(0x1f);
    if (bytes === -1 || bytes > this.#tableBytesMax) return false;
    this.#dynamic().resize(bytes);
    return true;
  }

  /** An integer whose prefix has the bits of `mask` (§5.1); -1 when it is too large or does not end. */
  #integer(mask: number): number {
    let value = (this.#bytes[this.#at++] as number) & mask;
    if (value < mask) return value;
    for (let shift = 0; shift <= 21 && this.#at < this.#to; shift += 7) {
      const byte = this.#bytes[this.#at++] as number;
      value += (byte & 0x7f) << shift;
      if ((byte & 0x80) === 0) return value <= INTEGER_MAX ? value : -1;
    }
    return -1;
  }

  /** A string literal (§5.2): its bytes are then `stringBytes` from `stringFrom` to `stringEnd`. False when it is none. */
  #string(): boolean {
    if (this.#at >= this.#to) return false;
    const coded = ((this.#bytes[this.#at] as number) & 0x80) !== 0;
    const length = this.#integer(0x7f);
    const from = this.#at;
    if (length === -1 || length > this.#to - from) return false;
    this.#at = from + length;
    if (!coded) {
      stringBytes = this.#bytes;
      stringFrom = from;
      stringEnd = from + length;
      return true;
    }
    const room = decodedBytesMax(length);
    if (decoded.length < room) decoded = Buffer.allocUnsafeSlow(room * 2);
    stringBytes = decoded;
    stringFrom = 0;
    stringEnd = decodeHuffman(this.#bytes, from, from + length, decoded);
    return stringEnd !== -1;
  }
}

/** What a string was found to be; and where coded ones are decoded, for all connections of the thread. */
const NOTHING: Buffer = Buffer.alloc(0);
let decoded = Buffer.allocUnsafeSlow(4096);
let stringBytes: Buffer = NOTHING;
let stringFrom = 0;
let stringEnd = 0;
