/*
 * Databases back to back in one memory, for publishers that have a file per IP version: threads are handed one memory,
 * whatever it holds. A database alone is its own bytes, as they are in its file. Two are followed by the length of the
 * first, four bytes, and a mark; no .mmdb ends like that, since its end is the end of its metadata.
 */
const MARK = new TextEncoder().encode('\0two.mmdb\0');
const TRAILER_BYTES = 4 + MARK.length;

/** Shared memory for one database or two of these sizes, with a view of each to be filled. */
export function joinedOf(sizes: readonly number[]): { bytes: SharedArrayBuffer; parts: readonly Uint8Array[] } {
  const [first = 0, second] = sizes;
  if (second === undefined) {
    const bytes = new SharedArrayBuffer(first);
    return { bytes, parts: [new Uint8Array(bytes)] };
  }
  const bytes = new SharedArrayBuffer(first + second + TRAILER_BYTES);
  new DataView(bytes).setUint32(first + second, first);
  new Uint8Array(bytes).set(MARK, first + second + 4);
  return { bytes, parts: [new Uint8Array(bytes, 0, first), new Uint8Array(bytes, first, second)] };
}

/** The databases in a memory: itself, or the two that were joined. */
export function partsOf(bytes: Buffer): readonly Buffer[] {
  const trailer = bytes.length - TRAILER_BYTES;
  if (trailer < 0 || !bytes.subarray(trailer + 4).equals(MARK)) return [bytes];
  const first = bytes.readUInt32BE(trailer);
  return [bytes.subarray(0, first), bytes.subarray(first, trailer)];
}
