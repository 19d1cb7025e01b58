/**
 * What tells a client from others, hashed to two numbers: where it is looked for and what it is known by. Not reversible, and not
 * to be guessed without the seed; two clients that share both share their limits, which happens to one pair in 2^45.
 */
export type ClientKey = { set: number; tag: number };

/** Hashes `text` into `key`, which is used again for each request. MurmurHash3's rounds over UTF-16 units, with two seeds. */
export function hashText(text: string, seed: number, key: ClientKey): void {
  let a = seed;
  let b = seed ^ SECOND;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    a = round(a, unit);
    b = round(b, unit + SECOND);
  }
  key.set = finish(a ^ text.length);
  key.tag = finish(b ^ text.length);
}

/**
 * An address as limits know it: IPv6 by its first `prefixBits` (16 to 128), since whoever has one address has a whole network; IPv4
 * as it is.
 */
export function limitedAddress(address: string, prefixBits: number): string {
  if (!address.includes(':') || prefixBits >= 128) return address;
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? [];
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  while (groups.length + after.length < GROUPS) groups.push('0');
  const all = [...groups, ...after];
  let text = '';
  for (let i = 0, left = prefixBits; left > 0; i += 1, left -= 16) {
    const group = Number.parseInt(all[i] ?? '0', 16);
    text += `${(left >= 16 ? group : group & (0xffff << (16 - left))).toString(16)}:`;
  }
  return text;
}

/** What a rule for clients hashes their names with, beside the seed of all: the place `index` in the list of a service. */
export function ruleSeed(service: string, index: number): number {
  const key = { set: 0, tag: 0 };
  hashText(`${service}/${index}`, 0, key);
  return key.set;
}

function round(state: number, unit: number): number {
  let k = Math.imul(unit, 0xcc9e2d51);
  k = (k << 15) | (k >>> 17);
  let h = state ^ Math.imul(k, 0x1b873593);
  h = (h << 13) | (h >>> 19);
  return (Math.imul(h, 5) + 0xe6546b64) | 0;
}

function finish(state: number): number {
  let h = state;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

const GROUPS = 8;
const SECOND = 0x9e3779b9 | 0;
