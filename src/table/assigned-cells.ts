/** Regions of clients that requests are assigned by with `select: optimal`: this edge itself, and those of geo/subregions.ts. */
export const CLIENT_REGIONS = 36;
/** … and what fences leave to clients: all endpoints (0), and so many other choices of them at most. */
export const FENCE_CLASSES = 4;
/** The class of clients that fences leave something else to: nothing is assigned to them. */
export const NO_FENCE_CLASS = -1;
/** Requests are assigned by where they come from: a region, and what fences leave. See `originCell`. */
export const ORIGIN_CELLS = FENCE_CLASSES * CLIENT_REGIONS;
/** When the requests of a service were assigned that never were. */
export const NOT_ASSIGNED = Number.NEGATIVE_INFINITY;

/** The cell of an origin, below `ORIGIN_CELLS`. `fenceClass` is not `NO_FENCE_CLASS`. */
export function originCell(region: number, fenceClass: number): number {
  return fenceClass * CLIENT_REGIONS + region;
}

/** The columns that hold what is assigned, which only the control thread writes. */
export function assignedSpec({ rows, services }: { readonly rows: number; readonly services: number }) {
  return {
    /** The share of the requests from each origin that an endpoint gets, 0 to 1; `ORIGIN_CELLS` a row. With a split: of those for its set. */
    assignedShare: ['f64', rows * ORIGIN_CELLS],
    /** Its share of all requests of its service. */
    assignedPart: ['f64', rows],
    /** How many requests from this edge will be there at a time, none of them waiting. */
    assignedLoad: ['f64', rows],
    /** When that was worked out, by the table's clock; `NOT_ASSIGNED` for never. */
    assignedAtMs: ['f64', services],
  } as const;
}
