import type { Socket } from 'node:net';
import type { Random } from '../../table/clock.ts';
import type { Deadlines } from '../../table/deadlines.ts';
import type { AheadBytes } from '../client/ahead-bytes.ts';
import type { EdgeAnswer } from '../request/challenge-answer.ts';
import type { Pipeline } from '../request/pipeline.ts';
import type { ServiceState } from '../request/service-state.ts';
import type { Mirrors } from '../upstream/mirrors.ts';
import type { PerEndpoint } from '../upstream/per-endpoint.ts';
import type { UpstreamPool } from '../upstream/pool.ts';

/** What the wire engine needs; one set per edge thread. */
export type WireDeps = {
  readonly pipeline: Pipeline;
  readonly pools: PerEndpoint<UpstreamPool>;
  readonly deadlines: Deadlines;
  readonly mirrors: Mirrors;
  /** Whether requests of this service are for the general engine. */
  readonly isGeneral: (state: ServiceState) => boolean;
  /** What this edge itself answers to whoever checks its health. */
  readonly edgeAnswer: EdgeAnswer;
  /** Gives a connection to the general engine. What the wire engine has read of it, it finds unread. */
  readonly handOver: (socket: Socket, state: ServiceState | undefined) => void;
  /** Counts a hand-over, for the service whose request it was about; undefined where none could be told. */
  readonly handedOver: (state: ServiceState | undefined) => void;
  readonly draining: () => boolean;
  readonly pseudonym: () => string;
  readonly random: Random;
  /** Called with the bytes of bodies that pass through in buffers of their own. */
  readonly passed: (bytes: number) => void;
  /** Counts a request that was not taken. */
  readonly refused: () => void;
  /** Called with an error in our own handling of a connection; the connection is ended. */
  readonly faulted: (error: unknown) => void;
  /** Counts what clients send ahead of their turn. */
  readonly ahead: AheadBytes;
  /** How long a client may leave its answer untaken. */
  readonly clientIdleMs: () => number;
  /** How long an idle connection of a client is kept, and within what time a head must be complete. */
  readonly keepAliveMs: () => number;
  readonly headMs: () => number;
  /** Whether connections are read here at all; where not, the general engine has them from the start. */
  readonly accelerates: () => boolean;
};
