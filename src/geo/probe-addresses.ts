/** What of a database's metadata the choice of probes depends on. */
export type TreeShape = { readonly ipVersion: number; readonly nodeCount: number };

/** Trees up to this size are probed in every network; a world database has more than a million nodes. */
export const NODES_SWEPT_MAX = 20_000;
/** Probes of one database at most, whatever it says of itself. */
export const PROBES_MAX = 50_000;

/** The parts of IPv6 that registries hand out: [first 32 bits, last 32 bits, stride between probes in a large tree]. */
const IPV6_RANGES: readonly (readonly [number, number, number])[] = [
  [0x20010000, 0x2001ffff, 2 ** 6],
  [0x24000000, 0x240fffff, 2 ** 10],
  [0x26000000, 0x260fffff, 2 ** 10],
  [0x28000000, 0x280fffff, 2 ** 10],
  [0x2a000000, 0x2a0fffff, 2 ** 10],
  [0x2c000000, 0x2c0fffff, 2 ** 10],
];
const IPV4_STRIDE = 2 ** 20;

/**
 * The addresses that a database is tried with before it is trusted: the first of every network of a small one, a spread
 * of about 9,000 over the whole address space of a large one. `prefixLength` looks an address up and returns how many
 * of its bits decided; the sweep leaps over the network found. It may throw: the address was yielded before.
 */
export function* probeAddresses(tree: TreeShape, prefixLength: PrefixLength): Generator<string> {
  let left = PROBES_MAX;
  for (const address of everyRange(tree, prefixLength)) {
    if (left === 0) return;
    left -= 1;
    yield address;
  }
}

type PrefixLength = (address: string) => number;

function* everyRange(tree: TreeShape, prefixLength: PrefixLength): Generator<string> {
  const swept = tree.nodeCount <= NODES_SWEPT_MAX;
  yield* walk([0, 2 ** 32 - 1, swept ? 1 : IPV4_STRIDE], ipv4, prefixLength);
  if (tree.ipVersion === 4) return;
  for (const [first, last, stride] of IPV6_RANGES) yield* walk([first, last, swept ? 1 : stride], ipv6, prefixLength);
}

/** Walks the 32-bit numbers of a range; networks longer than 32 bits (in IPv6) are tried at their first address only. */
function* walk(
  [first, last, stride]: readonly [number, number, number],
  write: (bits: number) => string,
  prefixLength: PrefixLength,
): Generator<string> {
  let at = first;
  while (at <= last) {
    const address = write(at);
    yield address;
    const size = 2 ** Math.max(0, 32 - prefixLength(address));
    at = Math.max((Math.floor(at / size) + 1) * size, at + stride);
  }
}

function ipv4(bits: number): string {
  return [bits >>> 24, (bits >>> 16) & 255, (bits >>> 8) & 255, bits & 255].join('.');
}

function ipv6(bits: number): string {
  return `${(bits >>> 16).toString(16)}:${(bits & 0xffff).toString(16)}::`;
}
