import type { FoundAddress, Part } from './dns.ts';

/** Addresses of one host that are used; the rest of a longer answer is not. */
export const ADDRESSES_MAX = 64;

/**
 * What is known of a host, part by part (`dns.ts`). A part that was answered replaces what was known of it, also by nothing;
 * one that failed keeps what it had, and does not keep the others from changing; one that is not asked for any more goes.
 */
export type KnownParts = ReadonlyMap<string, readonly FoundAddress[]>;

/** What is known once these parts were asked for; see `KnownParts`. */
export function withParts(known: KnownParts, parts: readonly Part[]): KnownParts {
  const next = new Map<string, readonly FoundAddress[]>();
  for (const { name, addresses, error } of parts) {
    if (error === undefined) next.set(name, addresses);
    else for (const [kept, had] of keptOf(known, name)) next.set(kept, had);
  }
  return next;
}

/** All addresses, each once, in the order of the parts. */
export function addressesOf(known: KnownParts): readonly FoundAddress[] {
  const all = [...known.values()].flat();
  return [...new Map(all.map((one) => [`${one.host} ${one.port}`, one])).values()].slice(0, ADDRESSES_MAX);
}

/** Which parts failed and why, in words; empty when none did. */
export function failureOf(parts: readonly Part[]): string {
  return parts.flatMap(({ name, error }) => (error === undefined ? [] : [`${name} ${error}`])).join(', ');
}

/** An SRV target that fails as a whole keeps what each of its parts had. */
function keptOf(known: KnownParts, name: string): [string, readonly FoundAddress[]][] {
  return [...known].filter(([had]) => had === name || had.startsWith(`${name} `));
}
