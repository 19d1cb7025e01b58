/**
 * The Huffman code of RFC 7541, Appendix B. It is canonical: codes of one length follow each other in the order of their symbols, and the
 * shorter ones come first, so that the lengths are all there is to say of it. The last is the end of string, which may not occur.
 */
const LENGTHS: readonly number[] = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28,
  28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
  13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6, 15, 5, 6, 5, 6,
  5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28, 20, 22, 20, 20, 22, 22, 22, 23,
  22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24, 22, 21, 20, 22, 22,
  23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23, 26, 26,
  20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27,
  27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27,
  27, 27, 27, 26, 30,
];
const END_OF_STRING = 256;

/** The most bytes that a string of this many coded ones can become: the shortest code has five bits. */
export function decodedBytesMax(codedBytes: number): number {
  return Math.floor((codedBytes * 8) / 5);
}

/** Decodes from `from` up to `to` into `into`, which has room for it; returns the number of bytes, or -1 when they are no such code. */
export function decodeHuffman(bytes: Uint8Array, from: number, to: number, into: Uint8Array): number {
  let state = 0;
  let length = 0;
  for (let i = from; i < to; i += 1) {
    const byte = bytes[i] as number;
    const high = STEPS[(state << 4) | (byte >> 4)] as number;
    if ((high & EMITS) !== 0) into[length++] = high & 0xff;
    const low = STEPS[((high >>> NEXT_AT) << 4) | (byte & 15)] as number;
    if ((low & EMITS) !== 0) into[length++] = low & 0xff;
    if (((high | low) & FAILS) !== 0) return -1;
    state = low >>> NEXT_AT;
  }
  return (ENDS[state] as number) === 1 ? length : -1;
}

/** Bytes of a string once it is coded. */
export function codedBytes(text: string): number {
  let bits = 0;
  for (let i = 0; i < text.length; i += 1) bits += LENGTHS[text.charCodeAt(i)] as number;
  return (bits + 7) >> 3;
}

/** Codes a string of one character a byte into `into` from `at` on; returns the offset after it. */
export function encodeHuffman(text: string, into: Uint8Array, at: number): number {
  let end = at;
  let held = 0;
  let bits = 0;
  for (let i = 0; i < text.length; i += 1) {
    const symbol = text.charCodeAt(i);
    const length = LENGTHS[symbol] as number;
    // No more than 7 bits are held, and a code has no more than 30 of which 25 fit at once.
    for (let left = length; left > 0; ) {
      const piece = Math.min(left, 16);
      left -= piece;
      held = ((held << piece) | (((CODES[symbol] as number) >>> left) & ((1 << piece) - 1))) & 0xff_ff_ff;
      bits += piece;
      for (; bits >= 8; bits -= 8) into[end++] = held >>> (bits - 8);
    }
  }
  // The rest of the last byte is the beginning of the end of string, which is all ones (§5.2).
  if (bits > 0) into[end++] = (held << (8 - bits)) | (0xff >>> bits);
  return end;
}

/** A step: where four bits lead (from `NEXT_AT` on), and the symbol that they complete. */
const NEXT_AT = 16;
const EMITS = 1 << 8;
const FAILS = 1 << 9;

const CODES = codesOf(LENGTHS);
const { STEPS, ENDS } = stepsOf();

function codesOf(lengths: readonly number[]): Uint32Array {
  const codes = new Uint32Array(lengths.length);
  let next = 0;
  for (let length = 1; length <= 30; length += 1) {
    next *= 2;
    for (const [symbol, one] of lengths.entries()) {
      if (one === length) codes[symbol] = next++;
    }
  }
  return codes;
}

type Node = { readonly depth: number; readonly ones: boolean; readonly next: [Node | number, Node | number] | [] };

/** The tree of the code, each inner node a state, walked by four bits at a time. No symbol has fewer than five. */
function stepsOf(): { readonly STEPS: Uint32Array; readonly ENDS: Uint8Array } {
  const nodes: Node[] = [{ depth: 0, ones: true, next: [] }];
  for (const symbol of LENGTHS.keys()) plant(nodes, symbol);
  const places = new Map(nodes.map((node, place) => [node, place]));
  const steps = new Uint32Array(nodes.length * 16);
  for (const [place, node] of nodes.entries()) {
    for (let bits = 0; bits < 16; bits += 1) steps[(place << 4) | bits] = step(node, bits, nodes[0] as Node, places);
  }
  // A string ends between two symbols or within at most seven bits of the end of string.
  return { STEPS: steps, ENDS: Uint8Array.from(nodes, ({ depth, ones }) => (ones && depth < 8 ? 1 : 0)) };
}

function plant(nodes: Node[], symbol: number): void {
  let node = nodes[0] as Node;
  const length = LENGTHS[symbol] as number;
  for (let left = length - 1; left >= 0; left -= 1) {
    const bit = ((CODES[symbol] as number) >>> left) & 1;
    if (left === 0) {
      node.next[bit] = symbol;
      return;
    }
    const child = node.next[bit] ?? { depth: node.depth + 1, ones: node.ones && bit === 1, next: [] as [] };
    if (typeof child === 'number') return;
    if (node.next[bit] === undefined) {
      node.next[bit] = child;
      nodes.push(child);
    }
    node = child;
  }
}

function step(from: Node, bits: number, root: Node, places: ReadonlyMap<Node, number>): number {
  let node = from;
  let emitted = 0;
  for (let left = 3; left >= 0; left -= 1) {
    const next = node.next[(bits >> left) & 1];
    if (next === undefined || next === END_OF_STRING) return FAILS;
    if (typeof next === 'number') {
      emitted = EMITS | next;
      node = root;
    } else node = next;
  }
  return ((places.get(node) as number) << NEXT_AT) | emitted;
}
