/**
 * Typed arrays side by side in one SharedArrayBuffer: a table whose columns every thread can read and write without
 * messages. Pages that nobody touches cost no memory, so a column may be as long as its limit says.
 */
type ColumnKind = 'f64' | 'i32' | 'u8';

/** For each column its kind and how many cells it has. */
export type ColumnSpec = Readonly<Record<string, readonly [ColumnKind, number]>>;

export type Columns<S extends ColumnSpec> = {
  readonly [K in keyof S]: S[K][0] extends 'f64' ? Float64Array : S[K][0] extends 'i32' ? Int32Array : Uint8Array;
};

const BYTES: Readonly<Record<ColumnKind, number>> = { f64: 8, i32: 4, u8: 1 };

/** Bytes that the columns of `spec` need; each column starts at a multiple of eight. */
export function columnsBytes(spec: ColumnSpec): number {
  return Object.values(spec).reduce((sum, [kind, length]) => sum + aligned(BYTES[kind] * length), 0);
}

/** Lays the columns of `spec` over `buffer`. The same spec over the same buffer gives the same cells in any thread. */
export function layColumns<S extends ColumnSpec>(spec: S, buffer: SharedArrayBuffer): Columns<S> {
  if (buffer.byteLength < columnsBytes(spec)) throw new RangeError('the buffer is smaller than its columns');
  const columns: Record<string, Float64Array | Int32Array | Uint8Array> = {};
  let offset = 0;
  for (const [name, [kind, length]] of Object.entries(spec)) {
    columns[name] = cells(kind, buffer, offset, length);
    offset += aligned(BYTES[kind] * length);
  }
  // An object that was filled by computed names is a dictionary from some twenty of them on, and three times as slow to read. Its copy is none.
  return { ...columns } as Columns<S>;
}

function cells(kind: ColumnKind, buffer: SharedArrayBuffer, offset: number, length: number) {
  if (kind === 'f64') return new Float64Array(buffer, offset, length);
  if (kind === 'i32') return new Int32Array(buffer, offset, length);
  return new Uint8Array(buffer, offset, length);
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}
