import { compareText } from '../config/compare-text.ts';
import type { Fleet, FleetStatus, Put, SharedRecord, SharedValue } from './fleet.ts';

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
  const forgot: ((key: string) => void)[] = [];
  const put = (key: string, value: SharedValue): Put => {
    const count = records.get(key)?.clock[edge] ?? 0;
    const record = { key, value, clock: { [edge]: count + 1 }, writtenAtMs: wallMs(), by: edge };
    records.set(key, record);
    for (const listener of listeners) listener(record);
    return { stored: 'here', record };
  };
  return {
    start: async () => {},
    close: async () => {},
    list: (prefix) =>
      [...records.values()].filter(({ key }) => key.startsWith(prefix)).toSorted((a, b) => compareText(a.key, b.key)),
    put: async (key, value) => put(key, value),
    values: {
      writes: (key) => [records.get(key)].filter((one) => one !== undefined),
      putIf: async (key, make) => {
        const value = make(records.get(key));
        return value === undefined
          ? { kind: 'conflict', record: records.get(key) }
          : { kind: 'put', put: put(key, value) };
      },
      forget: async (key) => {
        if (records.delete(key)) for (const listener of forgot) listener(key);
      },
      onForget: (listener) => void forgot.push(listener),
      strong: undefined,
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
