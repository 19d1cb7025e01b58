/** What has been noticed at one place since the last report. */
export type Bug = { readonly where: string; readonly count: number; readonly error: string };

/** Called with the place of something that cannot be. */
export type OnBug = (where: string, error: Error) => void;

/** Places that are told apart between two reports; the code names fewer. */
const PLACES_MAX = 256;

let onBug: OnBug = throwBug;

/**
 * Whether something holds that the code around it makes sure of. Where it does not, there is a bug: a test fails by it, and an
 * edge in production counts it, logs it with its stack once a minute, and goes on with the `else` of whoever asked. So a request may
 * be lost to a bug, and never a thread with all that it carries. `where` is a constant: it is a label of `meridian_bugs_total`.
 *
 *     if (!invariant(permit !== undefined, 'attempt without a permit')) return;
 */
export function invariant(holds: boolean, where: string): boolean {
  if (!holds) onBug(where, new Error(`this cannot be: ${where}`));
  return holds;
}

/** Has bugs of this thread counted by `handler` instead of thrown, as in production. Returns what undoes that. */
export function tolerateBugs(handler: OnBug): () => void {
  onBug = handler;
  return () => {
    onBug = throwBug;
  };
}

/** Adds bugs up until they are reported, with the first stack of each place. */
export class Bugs {
  readonly #places = new Map<string, { count: number; readonly error: string }>();

  readonly note: OnBug = (where, error) => {
    const known = this.#places.get(where);
    if (known !== undefined) known.count += 1;
    else if (this.#places.size < PLACES_MAX) this.#places.set(where, { count: 1, error: String(error.stack ?? error) });
  };

  /** Those since the last call. */
  take(): readonly Bug[] {
    if (this.#places.size === 0) return [];
    const all = Array.from(this.#places, ([where, { count, error }]) => ({ where, count, error }));
    this.#places.clear();
    return all;
  }
}

function throwBug(_where: string, error: Error): never {
  throw error;
}
