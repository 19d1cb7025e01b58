import type { HedgePolicy } from './topology-hedge.ts';
import type { LimitPolicy } from './topology-limits.ts';
import type { MirrorPolicy } from './topology-mirror.ts';
import type { ShedPolicy } from './topology-shed.ts';

/** What a service and its endpoints are kept from, and what is done beside its requests; each undefined where the file does not ask for it. */
export type ServiceGuards = {
  /** What it takes of its clients. */
  readonly limits: LimitPolicy | undefined;
  /** When a request goes to a second endpoint although the first has not failed. */
  readonly hedge: HedgePolicy | undefined;
  /** Where requests are sent as well; left out: nowhere. */
  readonly mirror?: MirrorPolicy;
  /** Who is turned away when not all can be served. */
  readonly shed: ShedPolicy | undefined;
};
