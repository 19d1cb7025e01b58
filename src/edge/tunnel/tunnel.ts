import { Deadline, type Deadlines } from '../../table/deadlines.ts';
import { Lane } from './lane.ts';
import { CLOSE_ANSWER_MS, HALF_OPEN_MS } from './limits.ts';
import type { OpenTunnels } from './open-tunnels.ts';
import type { TunnelSide } from './side.ts';

export type TunnelDeps = {
  readonly deadlines: Deadlines;
  readonly tunnels: OpenTunnels;
};

export type TunnelPlan = {
  readonly client: TunnelSide;
  readonly endpoint: TunnelSide;
  /** Whether what goes through it are frames of RFC 6455. */
  readonly webSocket: boolean;
  /** It is closed when nothing has moved for so long, in either direction. */
  readonly idleMs: number;
  /** Called once, when both sides are gone. */
  readonly closed: () => void;
};

/**
 * Two connections that are one, byte for byte, until both have ended, one breaks, or nothing has moved in either direction for `idleMs`. Each
 * half ends by itself; once one has, the other may go on for a while.
 *
 * A WebSocket learns that this edge goes away: both sides get a Close, each behind the frame that is on its way to it and nothing more
 * after it, and the tunnel ends when both have answered.
 */
export class Tunnel {
  readonly #deps: TunnelDeps;
  readonly #plan: TunnelPlan;
  readonly #down: Lane;
  readonly #up: Lane;
  readonly #deadline: Deadline;
  #idleMs: number;
  #open = 2;
  #leaving = false;

  constructor(deps: TunnelDeps, plan: TunnelPlan) {
    this.#deps = deps;
    this.#plan = plan;
    this.#idleMs = plan.idleMs;
    this.#deadline = new Deadline(() => this.end());
    const { client, endpoint, webSocket } = plan;
    this.#down = new Lane({ from: endpoint, to: client, webSocket, masks: false }, this);
    this.#up = new Lane({ from: client, to: endpoint, webSocket, masks: true }, this);
  }

  /** Both sides are joined; `early` has come of the client before. */
  begin(early: readonly Buffer[]): void {
    const { client, endpoint } = this.#plan;
    this.moved();
    client.begin(this.#up);
    endpoint.begin(this.#down);
    for (const bytes of early) if (bytes.length > 0) this.#up.data(bytes);
    if (this.#open > 0) this.#deps.tunnels.add(this);
  }

  /**
   * Tells both sides of a WebSocket that this edge goes away, and ends it when they have answered, or after `CLOSE_ANSWER_MS`. Any other
   * protocol has no word for it: it is broken off.
   */
  sayGoodbye(): void {
    if (this.#leaving) return;
    this.#leaving = true;
    if (!this.#plan.webSocket) return this.end();
    this.#deps.deadlines.arm(this.#deadline, CLOSE_ANSWER_MS);
    this.#down.sayGoodbye();
    this.#up.sayGoodbye();
    this.endIfAnswered();
  }

  /** Breaks it off on both sides. */
  end(): void {
    this.#plan.client.destroy();
    this.#plan.endpoint.destroy();
  }

  moved(): void {
    if (!this.#leaving && this.#open > 0) this.#deps.deadlines.arm(this.#deadline, this.#idleMs);
  }

  /** The side that a lane comes from takes more again: what waits for that comes by the other lane. */
  drained(lane: Lane): void {
    this.moved();
    (lane === this.#up ? this.#down : this.#up).resume();
  }

  /** One side sends nothing more. */
  halfEnded(): void {
    this.#idleMs = Math.min(this.#idleMs, HALF_OPEN_MS);
    this.moved();
  }

  /** After a goodbye: whether it is over, since both sides have said theirs. */
  endIfAnswered(): void {
    if (!this.#leaving || !this.#down.answered || !this.#up.answered) return;
    this.#plan.client.finish();
    this.#plan.endpoint.finish();
  }

  sideClosed(): void {
    this.#open -= 1;
    if (this.#open > 0) return;
    this.#deps.deadlines.remove(this.#deadline);
    this.#deps.tunnels.delete(this);
    this.#plan.closed();
  }
}
