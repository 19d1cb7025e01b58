import { Deadline, type Deadlines } from '../../table/deadlines.ts';
import { meantByGrpc } from '../message/grpc-status.ts';
import type { UpstreamFailure, UpstreamHandler } from './connection-handler.ts';
import type { ConnectHandler, UpstreamPool } from './pool.ts';
import type { Upstream } from './upstream.ts';

/** What is read of an answer that nobody wants, so that its connection can be used again; beyond that it is cheaper to close it. */
export const DROPPED_BYTES_MAX = 256 * 1024;

export type MirroredRequest = {
  readonly head: string;
  readonly body: Buffer | undefined;
  readonly method: string;
  readonly timeoutMs: number;
};

/** One copy of a request on its way. Nobody waits for it: it has one deadline for all, and its answer is dropped as it comes. */
export class MirrorCall implements UpstreamHandler<Upstream>, ConnectHandler {
  readonly #pool: UpstreamPool;
  readonly #deadlines: Deadlines;
  readonly #request: MirroredRequest;
  readonly #done: (good: boolean) => void;
  readonly #deadline: Deadline;
  #cancelConnect: (() => void) | undefined;
  #upstream: Upstream | undefined;
  #status = 0;
  #droppedBytes = 0;
  #again = false;
  #over = false;

  /** `done` is called once, with whether the answer came and was no error of the endpoint's. */
  constructor(
    at: { readonly pool: UpstreamPool; readonly deadlines: Deadlines },
    request: MirroredRequest,
    done: (good: boolean) => void,
  ) {
    this.#pool = at.pool;
    this.#deadlines = at.deadlines;
    this.#request = request;
    this.#done = done;
    this.#deadline = new Deadline(() => this.#end(false));
  }

  launch(): void {
    this.#deadlines.arm(this.#deadline, this.#request.timeoutMs);
    const idle = this.#pool.take();
    if (idle !== undefined) return this.#send(idle);
    this.#cancelConnect = this.#pool.connect(this, 'connection');
  }

  connected(upstream: Upstream): void {
    this.#cancelConnect = undefined;
    this.#send(upstream);
  }

  notConnected(): void {
    this.#cancelConnect = undefined;
    this.#end(false);
  }

  interim(): void {}

  answered(upstream: Upstream): void {
    const { status, grpc, lines } = upstream.head;
    this.#status = (grpc && meantByGrpc(lines)) || status;
    this.#drop(upstream);
  }

  more(upstream: Upstream): void {
    this.#drop(upstream);
  }

  switched(_: Upstream, socket: { destroy(): unknown }): void {
    this.#upstream = undefined;
    socket.destroy();
    this.#end(false);
  }

  upstreamFailed(_: string, kind: UpstreamFailure): void {
    this.#upstream = undefined;
    if (this.#over) return;
    // One that the endpoint had closed while nobody used it says nothing; but what may change something goes out once.
    if (kind !== 'stale-connection' || this.#again || !REPEATABLE.has(this.#request.method)) return this.#end(false);
    this.#again = true;
    this.#cancelConnect = this.#pool.connect(this, 'connection');
  }

  faulted(): void {
    this.#upstream = undefined;
    this.#end(false);
  }

  upstreamDrained(): void {}

  #send(upstream: Upstream): void {
    const { head, body, method } = this.#request;
    this.#upstream = upstream;
    upstream.begin(this, method === 'HEAD', false);
    const { socket } = upstream;
    socket.cork();
    socket.write(head, 'latin1');
    if (body !== undefined) socket.write(body);
    socket.uncork();
  }

  #drop(upstream: Upstream): void {
    if (upstream.done) {
      this.#upstream = undefined;
      const { head, trailers } = upstream;
      return this.#end(((head.grpc && meantByGrpc(trailers)) || this.#status) < 500);
    }
    this.#droppedBytes += upstream.piece.to - upstream.piece.from;
    if (this.#droppedBytes > DROPPED_BYTES_MAX) this.#end(this.#status < 500);
  }

  #end(good: boolean): void {
    if (this.#over) return;
    this.#over = true;
    this.#deadlines.remove(this.#deadline);
    this.#cancelConnect?.();
    this.#cancelConnect = undefined;
    this.#upstream?.destroy();
    this.#upstream = undefined;
    this.#done(good);
  }
}

const REPEATABLE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
