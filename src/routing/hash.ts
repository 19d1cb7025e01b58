/** A text as 32 bits: FNV-1a over its UTF-16 units, mixed. For spreading, not for secrets. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return mixed(hash);
}

/** Every bit of the result depends on every bit given (the finalizer of MurmurHash3). */
export function mixed(bits: number): number {
  let hash = bits;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** 32 bits as a number in (0, 1). */
export function unitOf(bits: number): number {
  return ((bits >>> 0) + 0.5) / 2 ** 32;
}
