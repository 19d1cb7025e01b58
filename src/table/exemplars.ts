import { DURATION_CELLS } from './service-cells.ts';

/** Bytes of a request id in an exemplar. With its name it has to stay within 128 characters (OpenMetrics 1.0); longer ones are none. */
export const EXEMPLAR_ID_BYTES = 96;
/** An exemplar is as new as that, or newer, when there was a request: between two of one bucket nothing is written. */
export const EXEMPLAR_EVERY_MS = 1000;

/** The columns of a worker block that exemplars are in: a place for each bucket of the request durations of each service. */
export type ExemplarColumns = {
  /** Even when the place may be read, odd while it is being written. */
  readonly exemplarTurn: Int32Array;
  readonly exemplarAtMs: Float64Array;
  readonly exemplarMs: Float64Array;
  readonly exemplarIdLength: Uint8Array;
  readonly exemplarIds: Uint8Array;
};

/** One request of a bucket, for whoever wants to look for it in the log. `atMs` is by the table's clock. */
export type Exemplar = { readonly requestId: string; readonly ms: number; readonly atMs: number };

/** The columns of exemplars, for so many services. */
export function exemplarSpec(services: number) {
  const places = services * DURATION_CELLS;
  return {
    exemplarTurn: ['i32', places],
    exemplarAtMs: ['f64', places],
    exemplarMs: ['f64', places],
    exemplarIdLength: ['u8', places],
    exemplarIds: ['u8', places * EXEMPLAR_ID_BYTES],
  } as const;
}

/** Puts a request into a place. Only the thread that has the block does. */
export function writeExemplar(columns: ExemplarColumns, place: number, { requestId, ms, atMs }: Exemplar): void {
  // Also one that is too long to be shown: it is not looked at again before its time.
  columns.exemplarAtMs[place] = atMs;
  if (requestId.length > EXEMPLAR_ID_BYTES) return;
  Atomics.add(columns.exemplarTurn, place, 1);
  columns.exemplarMs[place] = ms;
  const start = place * EXEMPLAR_ID_BYTES;
  for (let i = 0; i < requestId.length; i += 1) columns.exemplarIds[start + i] = requestId.charCodeAt(i);
  columns.exemplarIdLength[place] = requestId.length;
  Atomics.add(columns.exemplarTurn, place, 1);
}

/** What is in a place; undefined when nothing is, or it is being written just now. */
export function readExemplar(columns: ExemplarColumns, place: number): Exemplar | undefined {
  const turn = Atomics.load(columns.exemplarTurn, place);
  const length = columns.exemplarIdLength[place] as number;
  if (length === 0 || turn % 2 !== 0) return undefined;
  const start = place * EXEMPLAR_ID_BYTES;
  const requestId = String.fromCharCode(...columns.exemplarIds.subarray(start, start + length));
  const read = { requestId, ms: columns.exemplarMs[place] as number, atMs: columns.exemplarAtMs[place] as number };
  return Atomics.load(columns.exemplarTurn, place) === turn ? read : undefined;
}
