import type { Clock, Random } from '../../table/clock.ts';
import type { HeldBytes } from '../frames/held-bytes.ts';
import type { RelayDeps } from '../relay/relay.ts';
import type { Forward } from '../request/forwarding.ts';
import type { ServiceState } from '../request/service-state.ts';
import type { OpenTunnels } from '../tunnel/open-tunnels.ts';

/** What HTTP/2 in front needs; one set per edge thread. */
export type H2Deps = RelayDeps & {
  readonly clock: Clock;
  readonly random: Random;
  readonly held: HeldBytes;
  /** Whether requests of this service take more than forwarding. */
  readonly isGeneral: (state: ServiceState) => boolean;
  /** Has the general engine forward a request. */
  readonly forward: Forward;
  readonly draining: () => boolean;
  readonly pseudonym: () => string;
  /** Called with the bytes of bodies that pass through. */
  readonly passed: (bytes: number) => void;
  /** Counts a request that was not taken, and a connection that ended with an error of its client's. */
  readonly refused: () => void;
  readonly faulted: (error: unknown) => void;
  /** How long an idle connection is kept, and within what time a head must be complete. */
  readonly keepAliveMs: () => number;
  readonly headMs: () => number;
  readonly tunnels: OpenTunnels;
};
