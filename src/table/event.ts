import type { Cloud } from '../config/topology.ts';
import type { HealthState } from './endpoint-table.ts';

/**
 * What happens beside the requests, in one vocabulary: rules and loops emit it, metrics and logs subscribe. What happens
 * on every request is counted in the table's columns instead, and is no event.
 */
export type Event =
  | { readonly type: 'loop-failed'; readonly loop: string; readonly error: string }
  | {
      readonly type: 'breaker-moved';
      readonly scope: 'endpoint' | 'cloud';
      readonly service: string;
      readonly cloud: Cloud;
      /** Empty for a cloud's breaker. */
      readonly region: string;
      readonly from: 'closed' | 'open' | 'half-open';
      readonly to: 'closed' | 'open' | 'half-open';
    }
  | {
      readonly type: 'endpoint-state';
      readonly endpoint: string;
      readonly from: HealthState;
      readonly to: HealthState;
      readonly health: number;
      /** In words: which check failed and how. */
      readonly reason: string;
    }
  | {
      readonly type: 'failed-over';
      readonly from: string;
      readonly to: string;
      readonly reason: string;
      readonly count: number;
    }
  | { readonly type: 'panic'; readonly service: string; readonly count: number }
  | { readonly type: 'reloaded'; readonly file: string; readonly services: number; readonly endpoints: number }
  | { readonly type: 'reload-rejected'; readonly file: string; readonly problems: readonly string[] }
  | { readonly type: 'restart-needed'; readonly keys: readonly string[] }
  | { readonly type: 'geo-swapped'; readonly file: string; readonly builtAtMs: number }
  | { readonly type: 'geo-rejected'; readonly file: string; readonly error: string }
  | { readonly type: 'addresses-changed'; readonly host: string; readonly addresses: readonly string[] }
  | { readonly type: 'resolve-failed'; readonly host: string; readonly error: string; readonly keptLastGood: boolean }
  | { readonly type: 'worker-started'; readonly worker: number }
  | { readonly type: 'worker-died'; readonly worker: number; readonly error: string };

export type Emit = (event: Event) => void;
