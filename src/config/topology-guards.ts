import type { HedgePolicy } from './topology-hedge.ts';
import type { LimitPolicy } from './topology-limits.ts';
import type { ShedPolicy } from './topology-shed.ts';

/** What a service and its endpoints are kept from, each undefined where the file does not ask for it. */
export type ServiceGuards = {
  /** What it takes of its clients. */
  readonly limits: LimitPolicy | undefined;
  /** When a request goes to a second endpoint although the first has not failed. */
  readonly hedge: HedgePolicy | undefined;
  /** Who is turned away when not all can be served. */
  readonly shed: ShedPolicy | undefined;
};
