import type { Field } from './field.ts';

/** The fields of one header block, in order, as far as there is room for them. One per thread: what is in it is true until the next block. */
export class FieldList {
  readonly fields: Field[] = [];
  /** Its size as SETTINGS_MAX_HEADER_LIST_SIZE counts it, with what there was no room for. */
  bytes = 0;
  /** Up to this size fields are kept; one over `bytesHardMax` is not read to its end. */
  bytesMax = 0;
  bytesHardMax = 0;

  get isTooLarge(): boolean {
    return this.bytes > this.bytesMax;
  }

  begin(bytesMax: number, bytesHardMax: number): void {
    if (this.fields.length > 0) this.fields.length = 0;
    this.bytes = 0;
    this.bytesMax = bytesMax;
    this.bytesHardMax = bytesHardMax;
  }

  /** False when it has become so large that nobody need read on. */
  add(field: Field): boolean {
    this.bytes += field.bytes;
    if (this.bytes <= this.bytesMax) this.fields.push(field);
    return this.bytes <= this.bytesHardMax;
  }
}
