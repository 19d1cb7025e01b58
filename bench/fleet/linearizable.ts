/**
 * One thing that somebody did to a key, as they saw it. `startMs` and `endMs` are by one clock; what never ended, or ended without
 * an answer, has no end: it may have taken effect at any time since it began, or not at all. States are named: each write names the one
 * that it makes, and the empty name is that of a key that nobody has written.
 */
export type Operation = {
  readonly startMs: number;
  readonly endMs: number;
  readonly did:
    | { readonly kind: 'read'; readonly saw: string }
    /** Made the state `makes`; of `after`, when that is given, and of any other not. */
    | { readonly kind: 'write'; readonly makes: string; readonly after?: string | undefined }
    /** Was refused because the state was another than `unlike`. */
    | { readonly kind: 'refused'; readonly unlike: string };
};

/**
 * Whether there is an order of all that was done in which each took effect at one moment between its start and its end, as if there
 * were one copy (linearizable: Herlihy and Wing 1990; the search is that of Wing and Gong, with a memory of what was tried).
 */
export function isLinearizable(operations: readonly Operation[]): boolean {
  const all = operations.toSorted((a, b) => a.startMs - b.startMs);
  const needed = all.reduce((mask, { endMs }, at) => (Number.isFinite(endMs) ? mask | (1n << BigInt(at)) : mask), 0n);
  const tried = new Set<string>();
  const stack: { readonly done: bigint; readonly state: string }[] = [{ done: 0n, state: '' }];
  for (let now = stack.pop(); now !== undefined; now = stack.pop()) {
    const { done, state } = now;
    if ((done & needed) === needed) return true;
    const name = `${done} ${state}`;
    if (tried.has(name)) continue;
    tried.add(name);
    // What began after something else had ended comes after it.
    const firstEndMs = all.reduce((least, { endMs }, at) => (has(done, at) ? least : Math.min(least, endMs)), Infinity);
    for (const [at, { startMs, did }] of all.entries()) {
      if (has(done, at) || startMs > firstEndMs) continue;
      const next = effect(did, state);
      if (next !== undefined) stack.push({ done: done | (1n << BigInt(at)), state: next });
    }
  }
  return false;
}

function has(done: bigint, at: number): boolean {
  return ((done >> BigInt(at)) & 1n) === 1n;
}

/** The state after it; undefined when it cannot have taken effect then. */
function effect(did: Operation['did'], state: string): string | undefined {
  switch (did.kind) {
    case 'read':
      return did.saw === state ? state : undefined;
    case 'write':
      return did.after === undefined || did.after === state ? did.makes : undefined;
    case 'refused':
      return did.unlike === state ? undefined : state;
    default:
      return did satisfies never;
  }
}
