import { DURATION_BOUNDS_S, DURATION_CELLS, durationCell } from '../table/service-cells.ts';
import type { Family, Labels } from './family.ts';
import { histogramSamples } from './histogram.ts';

/** Services whose checks are told apart; as many as there can be at a time. */
export const CHECKED_SERVICES_MAX = 1024;

type Counted = { readonly labels: Labels; good: number; failed: number; readonly cells: Float64Array; sumMs: number };

/** Health checks by service: how many, how they went, and how long they took. Belongs to the control thread. */
export class CheckCounts {
  readonly #services = new Map<string, Counted>();

  /** Makes the series of these services exist, at 0. */
  follow(services: readonly { readonly name: string }[]): void {
    for (const { name } of services) if (!this.#services.has(name)) this.#begin(name);
  }

  /** A check has ended. One that this machine could not make, for want of something, is none. */
  checked(service: string, good: boolean, tookMs: number): void {
    const counted = this.#services.get(service) ?? this.#begin(service);
    if (counted === undefined) return;
    if (good) counted.good += 1;
    else counted.failed += 1;
    const cell = durationCell(tookMs);
    counted.cells[cell] = (counted.cells[cell] as number) + 1;
    counted.sumMs += tookMs;
  }

  families(): readonly Family[] {
    return [
      {
        name: 'meridian_checks_total',
        help: 'Health checks of endpoints that were made, by service and result.',
        type: 'counter',
        samples: () =>
          [...this.#services.values()].flatMap(({ labels, good, failed }) => [
            { labels: { ...labels, result: 'good' }, value: good },
            { labels: { ...labels, result: 'failed' }, value: failed },
          ]),
      },
      {
        name: DURATION,
        help: 'Time that health checks took, failed ones included, by service.',
        type: 'histogram',
        samples: () =>
          [...this.#services.values()].flatMap(({ labels, cells, sumMs }) =>
            histogramSamples(DURATION, DURATION_BOUNDS_S, { labels, cells, sum: sumMs / 1000 }),
          ),
      },
    ];
  }

  #begin(service: string): Counted | undefined {
    if (this.#services.size >= CHECKED_SERVICES_MAX) return undefined;
    const counted = { labels: { service }, good: 0, failed: 0, cells: new Float64Array(DURATION_CELLS), sumMs: 0 };
    this.#services.set(service, counted);
    return counted;
  }
}

const DURATION = 'meridian_check_duration_seconds';
