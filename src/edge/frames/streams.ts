import { ClosedStreams } from './closed-streams.ts';
import type { Role } from './settings.ts';
import type { Stream } from './stream.ts';

/** What a stream is that is not open: it has not been yet, it was passed over, or it has ended in one of two ways. */
export type Absent = 'idle' | 'skipped' | 'reset-here' | 'ended';

/** The streams of a connection: those that are open, and what is remembered of others (RFC 9113 §5.1). */
export class Streams<Handler> {
  readonly open = new Map<number, Stream<Handler>>();
  /** The highest that either side has begun; 0 before the first. */
  peerLast = 0;
  ownLast = 0;
  /** Those of the peer's that are open. */
  peerOpen = 0;
  readonly #peerParity: number;
  readonly #resetHere = new ClosedStreams();
  readonly #ended = new ClosedStreams();

  constructor(role: Role) {
    this.#peerParity = role === 'server' ? 1 : 0;
  }

  isPeers(id: number): boolean {
    return id % 2 === this.#peerParity;
  }

  add(stream: Stream<Handler>): void {
    this.open.set(stream.id, stream);
    if (!this.isPeers(stream.id)) {
      this.ownLast = stream.id;
      return;
    }
    this.peerLast = stream.id;
    this.peerOpen += 1;
  }

  /** A stream of the peer's begins and is not taken: nothing of it is read. */
  refuse(id: number): void {
    this.peerLast = Math.max(this.peerLast, id);
    this.#resetHere.add(id);
  }

  remove(stream: Stream<Handler>, how: 'reset-here' | 'ended'): void {
    stream.closed = true;
    this.open.delete(stream.id);
    if (this.isPeers(stream.id)) this.peerOpen -= 1;
    (how === 'ended' ? this.#ended : this.#resetHere).add(stream.id);
  }

  /** What a stream is that is not among the open ones. */
  absent(id: number): Absent {
    if (id > (this.isPeers(id) ? this.peerLast : this.ownLast)) return 'idle';
    if (this.#resetHere.has(id)) return 'reset-here';
    return this.#ended.has(id) ? 'ended' : 'skipped';
  }
}
