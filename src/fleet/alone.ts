import { compareText } from '../config/compare-text.ts';
import type { Fleet, FleetStatus, SharedRecord } from './fleet.ts';

export type AloneDeps = {
  readonly edge: string;
  readonly region: string;
  /** The wall clock. */
  readonly wallMs: () => number;
};

/**
 * A fleet of one, for an edge whose file has no `fleet` block. What is put is in force here, at once, and gone when the process
 * ends. It says `here` of every record, since there is no store, and it has nobody to tell and nobody to hear.
 */
export function alone({ edge, region, wallMs }: AloneDeps): Fleet {
  const records = new Map<string, SharedRecord>();
  const listeners: ((record: SharedRecord) => void)[] = [];
  return {
    start: async () => {},
    close: async () => {},
    list: (prefix) =>
      [...records.values()].filter(({ key }) => key.startsWith(prefix)).toSorted((a, b) => compareText(a.key, b.key)),
    put: async (key, value) => {
      const count = records.get(key)?.clock[edge] ?? 0;
      const record = { key, value, clock: { [edge]: count + 1 }, writtenAtMs: wallMs(), by: edge };
      records.set(key, record);
      for (const listener of listeners) listener(record);
      return { stored: 'here', record };
    },
    onChange: (listener) => void listeners.push(listener),
    report: () => {},
    digest: () => ({ edges: 0, endpoints: new Map() }),
    claim: async () => undefined,
    status: (): FleetStatus => ({
      edge,
      region,
      edges: [{ id: edge, region, heardMsAgo: 0 }],
      left: [],
      regions: [],
      lags: [],
      records: records.size,
      conflictsResolved: 0,
      unreadable: { count: 0, last: [] },
      reportsDropped: 0,
    }),
  };
}
