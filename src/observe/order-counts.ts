import type { Topology } from '../config/topology.ts';
import type { Event } from '../table/event.ts';
import { EventSeries } from './event-series.ts';
import type { Family } from './family.ts';

/** Names of operators are their own; those beyond are `other`. */
const ORDERS_SEEN_MAX = 256;
const SERVICES_SEEN_MAX = 1024;

/** What operators order, counted event by event, and what the file says that is not in force yet. */
export class OrderCounts {
  readonly #edge: () => string;
  readonly #orders = new EventSeries(['kind', 'actor'], ORDERS_SEEN_MAX);
  readonly #purges = new EventSeries(['service'], SERVICES_SEEN_MAX);
  #restartNeeded = 0;

  /** `edge` is this edge's own name: what was ordered elsewhere is counted there. */
  constructor(edge: () => string) {
    this.#edge = edge;
  }

  follow({ services }: Topology): void {
    for (const { name, degraded } of services) if (degraded !== undefined) this.#purges.add([name], 0);
  }

  onEvent(event: Event): void {
    switch (event.type) {
      case 'override-changed':
        // It ends by itself when its time is up; nobody ordered that.
        if (event.edge === this.#edge() && event.status !== 'ended') this.#orders.add([event.kind, event.actor], 1);
        return;
      case 'chaos-started':
        return this.#orders.add(['chaos', event.by], 1);
      case 'cache-purged':
        this.#orders.add(['purge', 'api'], 1);
        return this.#purges.add([event.service], 1);
      case 'reloaded':
        this.#restartNeeded = 0;
        return;
      case 'restart-needed':
        this.#restartNeeded = event.keys.length;
        return;
      default:
        return;
    }
  }

  families(): readonly Family[] {
    return [
      {
        name: 'meridian_orders_total',
        help: 'Orders that were given at this edge, by kind and by who gave them.',
        type: 'counter',
        samples: () => this.#orders.samples(),
      },
      {
        name: 'meridian_cache_purges_total',
        help: 'Orders to forget copies, by service.',
        type: 'counter',
        samples: () => this.#purges.samples(),
      },
      {
        name: 'meridian_config_restart_needed',
        help: 'Keys of the file that have another value than the one in force, and take effect at the next start.',
        type: 'gauge',
        samples: () => [{ labels: {}, value: this.#restartNeeded }],
      },
    ];
  }
}
