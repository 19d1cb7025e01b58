import { Figures } from './figures.ts';
import type { Flight } from './flight.ts';

/** Figures that also add up the times of each second. */
export class Seconds extends Figures {
  readonly sums: number[] = [];
  readonly counts: number[] = [];

  override finished(nowMs: number, flight: Flight, status: number, endpoint: number): void {
    super.finished(nowMs, flight, status, endpoint);
    if (status >= 500) return;
    const second = Math.floor(flight.startMs / 1000);
    this.sums[second] = (this.sums[second] ?? 0) + nowMs - flight.startMs;
    this.counts[second] = (this.counts[second] ?? 0) + 1;
  }
}
