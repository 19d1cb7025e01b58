import type { ValueAnswer, ValueAsk, ValueOrders, ValueRefusal } from '../admin/ports.ts';
import type { Unmet, ValueRead, ValueWritten } from '../fleet/values/value-outcome.ts';
import type { FleetValues } from '../fleet/values/values.ts';

export type ValueOrdersDeps = {
  readonly values: Pick<FleetValues, 'read' | 'list' | 'watch' | 'write'>;
  /** Whether the file has a `fleet` block. */
  readonly shared: boolean;
  /** What is wrong with the store of this region, in words. */
  readonly trouble: () => string;
};

const STATUS: Readonly<Record<Unmet['kind'], number>> = {
  invalid: 422,
  missing: 404,
  conflict: 412,
  mismatch: 409,
  full: 409,
  limited: 429,
  refused: 503,
  unknown: 504,
};

/** Carries out what users ask of values, in the words of the admin API. */
export function valueOrders({ values, shared, trouble }: ValueOrdersDeps): ValueOrders {
  const answered = (done: ValueRead | ValueWritten): ValueAnswer | ValueRefusal => {
    if (done.kind === 'read') return { ...done.shown };
    if (done.kind !== 'written') return refusal(done);
    const { stored } = done;
    const here = stored === 'here' && shared;
    return { ...done.shown, stored: here || shared ? stored : 'alone', ...(here ? { trouble: trouble() } : {}) };
  };
  return {
    get: async ({ key, consistency }) => answered(await values.read(key, consistency)),
    list: async ({ prefix, cursor, waitMs }) => {
      if (cursor === undefined) return values.list(prefix);
      const found = await values.watch(prefix, cursor, waitMs);
      return 'kind' in found ? refusal(found) : found;
    },
    write: async (ask: ValueAsk) => answered(await values.write(ask)),
  };
}

function refusal({ kind, why, fix, now, retryMs }: Unmet): ValueRefusal {
  const more = { ...(now === undefined ? {} : { now }), ...(retryMs === undefined ? {} : { retryMs }) };
  return { error: why, status: STATUS[kind], fix, ...more };
}
