import type { Family } from './family.ts';

/** What the values that users keep can be asked at a scrape. */
export type ValueFacts = {
  /** Keys, those that are deleted and remembered included, and bytes of all. */
  readonly keys: () => { readonly live: number; readonly deleted: number };
  readonly bytes: () => number;
  /** Keys whose value stands in several versions side by side now. */
  readonly conflicts: () => number;
  /** Orders at this edge by `consistency result`. */
  readonly writes: () => ReadonlyMap<string, number>;
  /** Regions that vote about strong values; undefined before that was looked at. */
  readonly voters: () => number | undefined;
};

const RESULTS = ['acknowledged', 'here', 'conflict', 'refused', 'limited', 'unknown'] as const;
const CONSISTENCIES = ['eventual', 'strong'] as const;

/** Values that users keep in the fleet; an edge that is alone has them too. */
export function valueFamilies({ keys, bytes, conflicts, writes, voters }: ValueFacts): readonly Family[] {
  return [
    {
      name: 'meridian_fleet_values',
      help: 'Keys of values that users keep in the fleet; deleted ones are remembered for a while.',
      type: 'gauge',
      samples: () => {
        const { live, deleted } = keys();
        return [
          { labels: { state: 'live' }, value: live },
          { labels: { state: 'deleted' }, value: deleted },
        ];
      },
    },
    {
      name: 'meridian_fleet_values_bytes',
      help: 'Bytes of the keys and values that users keep in the fleet.',
      type: 'gauge',
      samples: () => [{ labels: {}, value: bytes() }],
    },
    {
      name: 'meridian_fleet_values_conflicting',
      help: 'Keys that were written side by side and have not been written since.',
      type: 'gauge',
      samples: () => [{ labels: {}, value: conflicts() }],
    },
    {
      name: 'meridian_fleet_value_writes_total',
      help: 'Orders to set or delete a value at this edge, by what became of them.',
      type: 'counter',
      samples: () =>
        CONSISTENCIES.flatMap((consistency) =>
          RESULTS.map((result) => ({
            labels: { consistency, result },
            value: writes().get(`${consistency} ${result}`) ?? 0,
          })),
        ),
    },
    {
      name: 'meridian_fleet_value_voters',
      help: 'Regions that vote about strong values, as this edge last saw it.',
      type: 'gauge',
      samples: () => {
        const now = voters();
        return now === undefined ? [] : [{ labels: {}, value: now }];
      },
    },
  ];
}
