import type { Service } from '../config/topology.ts';
import type { LiveColumns } from '../table/endpoint-table.ts';
import type { Ask } from './ask.ts';

/** The part of a `ServiceView` that weights are read from. */
type Weighted = { readonly rows: Int32Array; readonly weights: Float64Array };

/** The weight of each endpoint as the file says it, by position: its own, times that of its cloud; 0 to 1. */
export function weightsOf({ endpoints, routing }: Pick<Service, 'endpoints' | 'routing'>): Float64Array {
  return Float64Array.from(endpoints, ({ weight, cloud }) => weight * (routing.cloudWeights[cloud] as number));
}

/** What is left of the file's weight by an operator's. */
export function weightOf(view: Weighted, i: number, columns: LiveColumns): number {
  return (columns.weight[view.rows[i] as number] as number) * (view.weights[i] as number);
}

/**
 * Whether its weight keeps endpoint `i` behind its equals for this request. A weight of w so leaves it the share w of the requests that it
 * would have had, whatever its score; it is still there when nothing else of its tier is.
 */
export function isHeldBack(view: Weighted, i: number, columns: LiveColumns, ask: Ask): boolean {
  return weightOf(view, i, columns) <= ask.share;
}
