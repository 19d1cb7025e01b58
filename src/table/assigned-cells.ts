/** Regions of clients that requests are assigned by with `select: optimal`: this edge itself, and those of geo/subregions.ts. */
export const CLIENT_REGIONS = 36;
/** When the requests of a service were assigned that never were. */
export const NOT_ASSIGNED = Number.NEGATIVE_INFINITY;

/** The columns that hold what is assigned, which only the control thread writes. */
export function assignedSpec({ rows, services }: { readonly rows: number; readonly services: number }) {
  return {
    /** The share of requests from each region of clients that an endpoint gets, 0 to 1; `CLIENT_REGIONS` a row. */
    assignedShare: ['f64', rows * CLIENT_REGIONS],
    /** Its share of all requests of its service. */
    assignedPart: ['f64', rows],
    /** How many requests from this edge will be there at a time, none of them waiting. */
    assignedLoad: ['f64', rows],
    /** When that was worked out, by the table's clock; `NOT_ASSIGNED` for never. */
    assignedAtMs: ['f64', services],
  } as const;
}
