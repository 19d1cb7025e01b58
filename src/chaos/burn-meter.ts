/** What has become of a service's requests since the process began; both only grow. */
export type Counted = { readonly all: number; readonly bad: number };

/** Readings kept for one service; with one each half second, enough for the longest window of a guard. */
export const READINGS_MAX = 1024;

type Reading = Counted & { readonly atMs: number };

/**
 * Burn rates over one short window, from counters that are read now and then. It counts what clients got, chaos
 * included: that is what an experiment must not be allowed to spoil.
 */
export class BurnMeter {
  readonly #readings = new Map<string, Reading[]>();

  /** Takes a reading and lets go of those that the window has left, but for the one at its beginning. */
  read(service: string, counted: Counted, at: { readonly nowMs: number; readonly windowMs: number }): void {
    const readings = this.#readings.get(service) ?? [];
    const last = readings.at(-1);
    // A service that was dropped and came back counts anew, and so does a worker that lost its block.
    if (last !== undefined && (counted.all < last.all || counted.bad < last.bad)) readings.length = 0;
    readings.push({ ...counted, atMs: at.nowMs });
    while (readings.length > 2 && (readings[1] as Reading).atMs <= at.nowMs - at.windowMs) readings.shift();
    if (readings.length > READINGS_MAX) readings.shift();
    this.#readings.set(service, readings);
  }

  /** Multiples of the rate at which the budget of an objective (a share below 1) may burn; 0 without requests. */
  burn(service: string, objective: number): { readonly burnRate: number; readonly errors: number } {
    const readings = this.#readings.get(service);
    const first = readings?.[0];
    const last = readings?.at(-1);
    if (first === undefined || last === undefined) return { burnRate: 0, errors: 0 };
    const all = last.all - first.all;
    const errors = last.bad - first.bad;
    return { burnRate: all === 0 ? 0 : errors / all / (1 - objective), errors };
  }

  /** Forgets services that are no more. */
  keepOnly(services: readonly string[]): void {
    for (const name of this.#readings.keys()) if (!services.includes(name)) this.#readings.delete(name);
  }
}
