import type { Event } from '../table/event.ts';
import type { Family } from './family.ts';

/** A certificate that the edge obtains by itself, as operators see it. Times are by the wall clock. */
export type ObtainedFact = {
  readonly name: string;
  readonly directory: string;
  /** `waiting`: there is none yet. */
  readonly state: 'obtained' | 'ordering' | 'waiting';
  readonly notAfterMs: number | undefined;
  /** When it is to be renewed; undefined while there is none. */
  readonly renewMs: number | undefined;
  /** Orders in a row that have failed, and why the last one has. */
  readonly failures: number;
  readonly error: string;
  /** When it is tried again, after a failure. */
  readonly againMs: number | undefined;
};

/** How orders at authorities went, counted from events. */
export class AcmeOrders {
  readonly #counts = new Map<string, number>(RESULTS.map((result) => [result, 0]));

  onEvent(event: Event): void {
    if (event.type === 'acme-obtained') this.#add('obtained');
    else if (event.type === 'acme-failed') this.#add(event.trouble);
  }

  families(facts: () => readonly ObtainedFact[]): readonly Family[] {
    return [
      {
        name: 'meridian_acme_orders_total',
        help: 'Orders for certificates by how they ended: obtained, or what the trouble was.',
        type: 'counter',
        samples: () => Array.from(this.#counts, ([result, value]) => ({ labels: { result }, value })),
      },
      {
        name: 'meridian_acme_renewal_timestamp_seconds',
        help: 'When a certificate that the edge obtains is to be renewed, in Unix time.',
        type: 'gauge',
        samples: () =>
          facts().flatMap(({ name, renewMs }) =>
            renewMs === undefined ? [] : [{ labels: { name }, value: renewMs / 1000 }],
          ),
      },
      {
        name: 'meridian_acme_failures',
        help: 'Orders in a row that have failed for a name; 0 when the last one did not.',
        type: 'gauge',
        samples: () => facts().map(({ name, failures }) => ({ labels: { name }, value: failures })),
      },
    ];
  }

  #add(result: string): void {
    this.#counts.set(result, (this.#counts.get(result) ?? 0) + 1);
  }
}

const RESULTS: readonly string[] = ['obtained', 'away', 'limited', 'refused', 'wrong'];
