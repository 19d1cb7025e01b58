import type { Service } from '../config/topology.ts';
import type { HedgePolicy } from '../config/topology-hedge.ts';
import type { LimitPolicy } from '../config/topology-limits.ts';
import type { MirrorPolicy } from '../config/topology-mirror.ts';
import type { ShedPolicy } from '../config/topology-shed.ts';
import type { StickyPolicy } from '../config/topology-sticky.ts';
import { serviceLoad } from '../routing/service-load.ts';
import type { ServiceView } from '../routing/view.ts';
import type { LiveColumns } from '../table/endpoint-table.ts';
import { type LimitParts, limitParts } from './explain-shares.ts';

/** What holds for all requests of a service, wherever they go; what it does not have is left out. */
export type Policies = {
  readonly limits?: LimitPolicy;
  /** Which part of them is this edge's, of a fleet. */
  readonly limitParts?: LimitParts;
  /** Who is turned away first, and what the service has in flight over what it is built for: 1 is all of it. */
  readonly shed?: ShedPolicy & { readonly load: number };
  readonly hedge?: HedgePolicy;
  readonly mirror?: Pick<MirrorPolicy, 'to' | 'share' | 'methods'>;
  /** How long requests may take in all, and the field that tells endpoints what is left. */
  readonly deadline?: { readonly ms: number | undefined; readonly header: string | undefined };
  /** How clients that stay with an endpoint are told; only `client` is known here. */
  readonly sticky?: Pick<StickyPolicy, 'by' | 'onFailure'>;
  /** Parts of capacities: where endpoints spill, how far they take others' requests, where they get nothing more, and below what share of health it is disregarded. */
  readonly levels?: { readonly [Level in (typeof LEVELS)[number]]?: number };
};

const LEVELS = ['spillAt', 'overflowMax', 'shedAt', 'panicBelow'] as const;

/** `allowed`: endpoints that fences let serve the client; undefined: all. */
export function policiesOf(
  service: Service,
  at: {
    readonly view: ServiceView;
    readonly columns: LiveColumns;
    readonly nowMs: number;
    /** The client's. */
    readonly address: string;
    readonly allowed: Uint8Array | undefined;
  },
): Policies {
  const { limits, shed, hedge, sticky } = service;
  const parts = limitParts(service, { columns: at.columns, slot: at.view.slot, address: at.address });
  return {
    ...(limits === undefined ? {} : { limits }),
    ...(parts === undefined ? {} : { limitParts: parts }),
    ...(shed === undefined ? {} : { shed: { ...shed, load: serviceLoad(at.view, at.columns, at.nowMs, at.allowed) } }),
    ...(hedge === undefined ? {} : { hedge }),
    ...mirrorOf(service),
    ...deadlineOf(service),
    ...(sticky === undefined ? {} : { sticky: { by: sticky.by, onFailure: sticky.onFailure } }),
    ...levelsOf(service),
  };
}

function mirrorOf({ mirror }: Service): Pick<Policies, 'mirror'> {
  return mirror === undefined ? {} : { mirror: { to: mirror.to, share: mirror.share, methods: mirror.methods } };
}

function deadlineOf({ timeouts: { requestMs, requestHeader } }: Service): Pick<Policies, 'deadline'> {
  const ms = requestMs === Number.POSITIVE_INFINITY ? undefined : requestMs;
  return ms === undefined && requestHeader === undefined ? {} : { deadline: { ms, header: requestHeader } };
}

function levelsOf({ routing }: Service): Pick<Policies, 'levels'> {
  const set = LEVELS.filter((name) => Number.isFinite(routing[name]) && routing[name] > 0);
  return set.length === 0 ? {} : { levels: Object.fromEntries(set.map((name) => [name, routing[name]])) };
}
