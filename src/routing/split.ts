import type { Service } from '../config/topology.ts';

/** Requests that are for no set in particular. */
export const NO_SET = -1;

/** How requests are shared out among sets of endpoints; `upTo` rises to 1, one step a set. */
export type Split = { readonly names: readonly string[]; readonly upTo: Float64Array };

/** Undefined for a service that splits nothing. */
export function splitOf({ split }: Pick<Service, 'split'>): Split | undefined {
  if (split === undefined) return undefined;
  const names = Object.keys(split);
  const sum = Object.values(split).reduce((total, part) => total + part, 0);
  let below = 0;
  const upTo = Float64Array.from(names, (name) => {
    below += split[name] as number;
    return below / sum;
  });
  return { names, upTo };
}

/** The set of a request that drew `draw`, in [0, 1), by its position in `names`. */
export function setOfDraw({ upTo }: Split, draw: number): number {
  for (let set = 0; set < upTo.length; set += 1) if (draw < (upTo[set] as number)) return set;
  return upTo.length - 1;
}

/** The set of each endpoint, by position in `names`; `NO_SET` for those of none. */
export function setsOf({ endpoints }: Pick<Service, 'endpoints'>, split: Split | undefined): Int16Array {
  return Int16Array.from(endpoints, ({ set }) => split?.names.indexOf(set ?? '') ?? NO_SET);
}
