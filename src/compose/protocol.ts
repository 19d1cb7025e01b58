import type { ListenAddress } from '../config/topology.ts';
import type { Deployment } from '../edge/edge.ts';
import type { SharedTable } from '../table/endpoint-table.ts';
import type { Event } from '../table/event.ts';

/** Bytes of a geo database that every thread reads in place, and the file that they came from. */
export type GeoBytes = { readonly file: string; readonly bytes: SharedArrayBuffer };

/** What an edge thread is born with. */
export type EdgeBirth = {
  readonly worker: number;
  readonly shared: SharedTable;
  readonly deployment: Deployment;
  readonly geo: GeoBytes;
  readonly listen: ListenAddress;
  readonly reusePort: boolean;
};

/** From the control thread to an edge thread. */
export type ToEdge =
  | { readonly type: 'deploy'; readonly version: number; readonly deployment: Deployment }
  | { readonly type: 'geo'; readonly geo: GeoBytes }
  /** Serve on, but let every answer close its connection. */
  | { readonly type: 'drain' }
  /** Take no more connections; answer `stopped` when the last has gone. */
  | { readonly type: 'stop' }
  /** End now. */
  | { readonly type: 'cut' };

/** From an edge thread to the control thread. */
export type FromEdge =
  | { readonly type: 'listening'; readonly port: number }
  | { readonly type: 'failed'; readonly error: string }
  | { readonly type: 'deployed'; readonly version: number }
  | { readonly type: 'event'; readonly event: Event }
  /** Whole log lines: one thread writes for all, since a full pipe would mix several writers. */
  | { readonly type: 'log'; readonly lines: string }
  | { readonly type: 'stopped' };
