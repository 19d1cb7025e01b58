import { DROP_REASONS, type Event } from '../table/event.ts';
import { counter, EventSeries } from './event-series.ts';
import type { Family } from './family.ts';

/** Places where a bug may be noticed; there are as many as the code names. */
const PLACES_SEEN_MAX = 256;
/** Where an error came from that reached the top of a thread. */
export const UNCAUGHT = 'uncaught';

/** What happens to the process's own threads and to their connections, counted event by event. */
export class ThreadCounts {
  readonly #restarts = new EventSeries([], 1);
  readonly #drops = new EventSeries(['reason'], DROP_REASONS.length);
  readonly #descriptors = new EventSeries([], 1);
  readonly #bugs = new EventSeries(['where'], PLACES_SEEN_MAX);

  constructor() {
    this.#restarts.add([], 0);
    this.#descriptors.add([], 0);
    this.#bugs.add([UNCAUGHT], 0);
    for (const reason of DROP_REASONS) this.#drops.add([reason], 0);
  }

  onEvent(event: Event): void {
    switch (event.type) {
      case 'worker-died':
        return this.#restarts.add([], 1);
      case 'worker-failed':
        this.#bugs.add([UNCAUGHT], 1);
        return this.#restarts.add([], 1);
      case 'connections-dropped':
        return this.#drops.add([event.reason], event.count);
      case 'descriptors-exhausted':
        return this.#descriptors.add([], 1);
      case 'bug':
        return this.#bugs.add([event.where], event.count);
      default:
        return;
    }
  }

  families(): readonly Family[] {
    return [
      counter('meridian_worker_restarts_total', 'Edge threads that died or failed and were replaced.', this.#restarts),
      counter(
        'meridian_connections_dropped_total',
        'Client connections that ended before they could carry a request, by why.',
        this.#drops,
      ),
      counter(
        'meridian_descriptors_exhausted_total',
        'Seconds in which the process had no file descriptors left; new client connections are closed meanwhile.',
        this.#descriptors,
      ),
      counter('meridian_bugs_total', 'Times that something was found which cannot be, by where.', this.#bugs),
    ];
  }
}
