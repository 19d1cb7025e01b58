/** What decides who is shown a certificate: the names that it is for, in lower case, `*.example.com` among them, and the type of its key. */
export type Named = { readonly names: readonly string[]; readonly keyType: string };

/**
 * Which certificates are shown to whom, by the name that a client asks for: those that have the name itself, else those with a star for
 * its first label (RFC 6125 §6.4.3), else the first of all. Of each type of key one, the first, so that a client gets what it can verify:
 * an ECDSA certificate where it knows that, else the RSA one. Every answer is a set of places in the list, in its order.
 */
export class ServerNames {
  readonly #exact = new Map<string, readonly number[]>();
  readonly #starred = new Map<string, readonly number[]>();
  /** For a client that asks for no name, or for one of nobody. */
  readonly fallback: readonly number[];

  /** `certificates` has at least one. */
  constructor(certificates: readonly Named[]) {
    const add = (map: Map<string, readonly number[]>, name: string, place: number): void => {
      const { keyType } = certificates[place] as Named;
      const there = map.get(name) ?? [];
      if (there.some((other) => certificates[other]?.keyType === keyType)) return;
      map.set(name, [...there, place]);
    };
    certificates.forEach(({ names }, place) => {
      for (const name of names) {
        if (name.startsWith('*.')) add(this.#starred, name.slice(1), place);
        else add(this.#exact, name, place);
      }
    });
    this.fallback = fallbackOf(certificates);
  }

  /** The certificates for a name in lower case; undefined when none has it. */
  of(name: string): readonly number[] | undefined {
    const exact = this.#exact.get(name);
    if (exact !== undefined) return exact;
    const dot = name.indexOf('.');
    return dot <= 0 ? undefined : this.#starred.get(name.slice(dot));
  }
}

/** The first, and beside it the first of each other type of key that has all of its names. */
function fallbackOf(certificates: readonly Named[]): readonly number[] {
  const [first] = certificates;
  if (first === undefined) return [];
  const types = new Set<string>();
  return certificates.flatMap(({ names, keyType }, place) => {
    if (types.has(keyType) || !first.names.every((name) => names.includes(name))) return [];
    types.add(keyType);
    return [place];
  });
}
