import type { SideHandler, TunnelSide } from './side.ts';
import { closeFrame, GOING_AWAY, WebSocketFrames } from './web-socket-frames.ts';
import { newMask } from './web-socket-key.ts';

export type LanePlan = {
  readonly from: TunnelSide;
  readonly to: TunnelSide;
  readonly webSocket: boolean;
  /** Whether this edge masks its own frames, since it is the client of `to` (RFC 6455 §5.3). */
  readonly masks: boolean;
};

/** What a lane tells the tunnel that it is half of. */
export type LaneHandler = {
  moved(): void;
  drained(lane: Lane): void;
  halfEnded(): void;
  endIfAnswered(): void;
  sideClosed(): void;
};

/** One direction of a tunnel: takes what comes from one side to the other, and, at the end, says goodbye there. */
export class Lane implements SideHandler {
  readonly #plan: LanePlan;
  readonly #handler: LaneHandler;
  readonly #frames: WebSocketFrames | undefined;
  /** `due`: behind the frame that is now on its way. */
  #goodbye: 'none' | 'due' | 'said' = 'none';
  #fromEnded = false;
  #waits = false;

  constructor(plan: LanePlan, handler: LaneHandler) {
    this.#plan = plan;
    this.#handler = handler;
    this.#frames = plan.webSocket ? new WebSocketFrames() : undefined;
  }

  /** Whether the side that it comes from has said its last: a Close, or the end of everything. */
  get answered(): boolean {
    return this.#fromEnded || this.#frames?.closed === true;
  }

  sayGoodbye(): void {
    // Behind a Close of its own there is nothing to be said.
    if (this.#fromEnded || this.#frames?.closing === true) return;
    this.#goodbye = 'due';
    if (this.#frames?.between !== false) this.#say();
  }

  data(bytes: Buffer): void {
    this.#handler.moved();
    if (this.#goodbye === 'none') this.#pass(bytes);
    else this.#leave(bytes);
  }

  ended(): void {
    this.#fromEnded = true;
    this.#plan.to.end();
    this.#handler.halfEnded();
    this.#handler.endIfAnswered();
  }

  drained(): void {
    this.#handler.drained(this);
  }

  /** The side that it leads to takes more again. */
  resume(): void {
    if (!this.#waits) return;
    this.#waits = false;
    this.#plan.from.resume();
  }

  closed(broken: boolean): void {
    this.#fromEnded = true;
    if (broken) this.#plan.to.destroy();
    else this.#plan.to.finish();
    this.#handler.sideClosed();
  }

  #pass(bytes: Buffer): void {
    this.#frames?.follow(bytes);
    this.#write(bytes);
  }

  #write(bytes: Uint8Array): void {
    const { from, to } = this.#plan;
    if (to.write(bytes) || this.#waits) return;
    this.#waits = true;
    from.pause();
  }

  /** Passes on what belongs to the frame that is on its way, and nothing behind the goodbye; but an answer to it is heard. */
  #leave(bytes: Buffer): void {
    const frames = this.#frames as WebSocketFrames;
    const last = this.#goodbye === 'due' ? frames.followToEnd(bytes) : 0;
    if (last > 0) this.#write(bytes.subarray(0, last));
    if (this.#goodbye === 'due' && frames.between) {
      if (frames.closing) this.#goodbye = 'said';
      else this.#say();
    }
    frames.follow(bytes.subarray(last));
    this.#handler.endIfAnswered();
  }

  #say(): void {
    const { to, masks } = this.#plan;
    this.#goodbye = 'said';
    to.write(closeFrame(GOING_AWAY, 'going away', masks ? newMask() : undefined));
    // Whatever comes from now on is only looked at for an answer.
    this.resume();
  }
}
