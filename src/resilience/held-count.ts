/** What a request has taken of its limits, until it has ended. */
export type Held = { release(): void };

/** Counts one more into the cell `at` of a shared column, unless it holds `max` already; whether it did. */
export function takePlace(held: Int32Array, at: number, max: number): boolean {
  if (Atomics.add(held, at, 1) < max) return true;
  Atomics.sub(held, at, 1);
  return false;
}

/** Counts one out. What a thread that died had counted is taken out at once, so there may be nothing left to count. */
export function leavePlace(held: Int32Array, at: number): void {
  for (let count = Atomics.load(held, at); count > 0; count = Atomics.load(held, at)) {
    if (Atomics.compareExchange(held, at, count, count - 1) === count) return;
  }
}
