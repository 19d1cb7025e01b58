import type { MessagePort } from 'node:worker_threads';
import type { RunningExperiment } from '../chaos/experiment.ts';
import type { ListenAddress } from '../config/topology-listener.ts';
import type { Purge } from '../edge/ladder/ladders.ts';
import type { Deployment } from '../edge/thread/deployment.ts';
import type { GeoDatabase } from '../geo/maxmind.ts';
import type { AddressBook } from '../table/addresses.ts';
import type { Challenges } from '../table/challenges.ts';
import type { SharedTable } from '../table/endpoint-table.ts';
import type { Event } from '../table/event.ts';

/** Bytes of a geo database that every thread reads in place, what they were found to be, and the file that they came from. */
export type GeoBytes = {
  readonly file: string;
  readonly bytes: SharedArrayBuffer;
  readonly kind: GeoDatabase['kind'];
};

/** What an edge thread has before it is born. */
export type EdgeNest = {
  /** Through which it is born, once. */
  readonly birth: MessagePort;
  /** The folder that keeps what the runtime has compiled. */
  readonly compiled: string | undefined;
};

/** What an edge thread is born with. */
export type EdgeBirth = {
  readonly worker: number;
  readonly shared: SharedTable;
  readonly deployment: Deployment;
  readonly geo: GeoBytes;
  readonly chaos: readonly RunningExperiment[];
  /** The wall clock when the shared table's clock was at 0. */
  readonly wallOriginMs: number;
  /** One for each listener of the file. */
  readonly listen: readonly ListenAddress[];
  readonly reusePort: boolean;
  /** Whether its bugs are counted and logged; otherwise they end it. */
  readonly tolerant: boolean;
  /** The memory of the `LineRing` for its log lines: one thread writes for all, since a full pipe would mix several writers. */
  readonly lines: SharedArrayBuffer;
};

/** From the control thread to an edge thread. */
export type ToEdge =
  | { readonly type: 'deploy'; readonly version: number; readonly deployment: Deployment }
  /** Names lead to other addresses; nothing else has changed. */
  | { readonly type: 'addresses'; readonly addresses: AddressBook }
  /** These challenges of authorities are open. */
  | { readonly type: 'challenges'; readonly challenges: Challenges | undefined }
  | { readonly type: 'geo'; readonly geo: GeoBytes }
  /** These experiments run from now on, and no others. */
  | { readonly type: 'chaos'; readonly experiments: readonly RunningExperiment[] }
  /** Forget copies, and say so with the same number. */
  | { readonly type: 'purge'; readonly id: number; readonly purge: Purge }
  /** Serve on, but let every answer close its connection. */
  | { readonly type: 'drain' }
  /** Take no more connections; answer `stopped` when the last has gone. */
  | { readonly type: 'stop' }
  /** End now. */
  | { readonly type: 'cut' }
  /** Say that you are there. */
  | { readonly type: 'ping' }
  /** Stand still for so long: for tests of what happens then. */
  | { readonly type: 'hang'; readonly ms: number }
  /** Throw where nobody catches: for tests of what happens then. */
  | { readonly type: 'crash' };

/** From an edge thread to the control thread. */
export type FromEdge =
  | { readonly type: 'listening' }
  /** It cannot begin, and ends. */
  | { readonly type: 'failed'; readonly error: string }
  /** An error reached its top. It serves on until it is asked to stop. */
  | { readonly type: 'failing'; readonly error: string }
  | { readonly type: 'deployed'; readonly version: number }
  /** `error`: the copies are not forgotten, and why. */
  | { readonly type: 'purged'; readonly id: number; readonly error: string | undefined }
  | { readonly type: 'pong' }
  | { readonly type: 'event'; readonly event: Event }
  /** There are log lines in its ring. */
  | { readonly type: 'lines' }
  | { readonly type: 'stopped' };
