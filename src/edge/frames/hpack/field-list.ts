import type { Field } from './field.ts';
import type { KnownBlock } from './known-blocks.ts';

/** The fields of one header block, in order, as far as there is room for them. One per thread: what is in it is true until the next block, but for `fields`, which are not written to any more. */
export class FieldList {
  fields: readonly Field[] = [];
  /** The block, where the next one like it will be known. */
  known: KnownBlock | undefined;
  /** Its size as SETTINGS_MAX_HEADER_LIST_SIZE counts it, with what there was no room for. */
  bytes = 0;
  /** Up to this size fields are kept; one over `bytesHardMax` is not read to its end. */
  bytesMax = 0;
  bytesHardMax = 0;
  #fields: Field[] = [];

  get isTooLarge(): boolean {
    return this.bytes > this.bytesMax;
  }

  begin(bytesMax: number, bytesHardMax: number): void {
    this.#fields = [];
    this.fields = this.#fields;
    this.known = undefined;
    this.bytes = 0;
    this.bytesMax = bytesMax;
    this.bytesHardMax = bytesHardMax;
  }

  /** False when it has become so large that nobody need read on. */
  add(field: Field): boolean {
    this.bytes += field.bytes;
    if (this.bytes <= this.bytesMax) this.#fields.push(field);
    return this.bytes <= this.bytesHardMax;
  }

  /** It is this block again. */
  isAgain(known: KnownBlock): void {
    this.known = known;
    this.fields = known.fields;
    this.bytes = known.listBytes;
  }
}
