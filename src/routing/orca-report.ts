/**
 * A report of load in its binary form: xds.data.orca.v3.OrcaLoadReport as protocol buffers write it. It is read by hand, for a few numbers of at most
 * 1,536 bytes:
 *
 *   double  cpu_utilization = 1, mem_utilization = 2, rps_fractional = 6, eps = 7, application_utilization = 9
 *   uint64  rps = 3
 *   map<string, double>  request_cost = 4, utilization = 5, named_metrics = 8         entries: key = 1, value = 2
 *
 * As the wire format has it, the last of what is said twice counts, fields of later versions are passed over, and what ends too early, or is of
 * another type than its field, is no report.
 */
const NUMBERS: readonly (readonly [name: string, field: number])[] = [
  ['cpu_utilization', 1],
  ['mem_utilization', 2],
  ['rps', 3],
  ['rps_fractional', 6],
  ['eps', 7],
  ['application_utilization', 9],
];
const MAPS: readonly (readonly [name: string, field: number])[] = [
  ['request_cost', 4],
  ['utilization', 5],
  ['named_metrics', 8],
];
const NUMBER_NAMES = new Map(NUMBERS.map(([name, field]) => [field, name]));
const MAP_NAMES = new Map(MAPS.map(([name, field]) => [field, name]));

/** What a report says, by the names that its text form has (`named_metrics.queue`); undefined when the bytes are none. */
export function readOrcaReport(bytes: Uint8Array): ReadonlyMap<string, number> | undefined {
  const reader = new Reader(bytes, 0, bytes.length);
  const said = new Map<string, number>();
  while (reader.next()) {
    const number = NUMBER_NAMES.get(reader.field);
    const map = MAP_NAMES.get(reader.field);
    if (number !== undefined) said.set(number, reader.number(number === 'rps' ? VARINT : FIXED_64));
    else if (map !== undefined) readEntry(reader.within(), map, reader, said);
    else reader.skip();
  }
  return reader.broken ? undefined : said;
}

function readEntry(entry: Reader, map: string, report: Reader, said: Map<string, number>): void {
  let [key, value] = ['', 0];
  while (entry.next()) {
    if (entry.field === 1) key = entry.text();
    else if (entry.field === 2) value = entry.number(FIXED_64);
    else entry.skip();
  }
  if (entry.broken) report.broken = true;
  else said.set(`${map}.${key}`, value);
}

const VARINT = 0;
const FIXED_64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;
/** Bytes of a number of 64 bits, seven of which are in each. */
const VARINT_BYTES_MAX = 10;

/** Fields of a message, one after the other. Once anything is wrong it is `broken`, and there are no more. */
class Reader {
  field = 0;
  broken = false;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #end: number;
  #at: number;
  #type = 0;

  constructor(bytes: Uint8Array, from: number, end: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = from;
    this.#end = end;
  }

  /** Goes on to the next field, whose value has to be read or skipped; false when there is none. */
  next(): boolean {
    if (this.broken || this.#at === this.#end) return false;
    const tag = this.#varint();
    this.field = Math.floor(tag / 8);
    this.#type = tag % 8;
    if (this.field === 0 || this.field > FIELD_MAX) this.broken = true;
    return !this.broken;
  }

  number(type: typeof VARINT | typeof FIXED_64): number {
    if (this.#type !== type) return this.#fail();
    if (type === VARINT) return this.#varint();
    const at = this.#pass(8);
    return this.broken ? Number.NaN : this.#view.getFloat64(at, true);
  }

  /** The message that is the value of a field. */
  within(): Reader {
    const [from, to] = this.#span();
    return new Reader(this.#bytes, from, to);
  }

  text(): string {
    const [from, to] = this.#span();
    return new TextDecoder().decode(this.#bytes.subarray(from, to));
  }

  skip(): void {
    if (this.#type === VARINT) this.#varint();
    else if (this.#type === FIXED_64) this.#pass(8);
    else if (this.#type === FIXED_32) this.#pass(4);
    else this.#span();
  }

  #span(): readonly [from: number, to: number] {
    const length = this.#type === LENGTH_DELIMITED ? this.#varint() : this.#fail();
    const from = this.#pass(length);
    return this.broken ? [this.#end, this.#end] : [from, this.#at];
  }

  /** Where it was before it went on by so many bytes. */
  #pass(length: number): number {
    const at = this.#at;
    if (!(length <= this.#end - at)) this.broken = true;
    else this.#at = at + length;
    return at;
  }

  #varint(): number {
    let value = 0;
    for (let i = 0; i < VARINT_BYTES_MAX && this.#at < this.#end; i += 1) {
      const byte = this.#bytes[this.#at++] as number;
      value += (byte & 0x7f) * 2 ** (7 * i);
      if (byte < 0x80) return value;
    }
    return this.#fail();
  }

  #fail(): number {
    this.broken = true;
    return Number.NaN;
  }
}

const FIELD_MAX = 2 ** 29 - 1;
