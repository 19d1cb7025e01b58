import type { Socket } from 'node:net';
import type { Address } from '../../table/addresses.ts';
import type { Clock } from '../../table/clock.ts';
import { atEndOfTurn, startTimer, stopTimer, type Timer } from '../../table/timers.ts';
import type { DeadAddresses } from './dead-addresses.ts';
import { isShortage } from './shortage.ts';

/** The next address is tried when the one before has not connected after this long, if `connect` leaves room (RFC 8305 §5). */
export const NEXT_ADDRESS_MS = 250;
/** And no sooner than after this, however little time there is. */
export const NEXT_ADDRESS_MIN_MS = 10;

/** A socket that is being connected, in whatever the caller keeps it. */
export type Dialled = { readonly socket: Socket; readonly destroy: () => void };

export type DialPlan<T extends Dialled> = {
  /** At least one, in the order in which they are tried. */
  readonly addresses: readonly Address[];
  /** How long the caller waits for a connection; the caller keeps that time and cancels. */
  readonly connectMs: number;
  readonly secure: boolean;
  readonly open: (address: Address) => T;
};

/** What a dial calls when it ends: once, one of the two. */
export type DialHandler<T> = {
  readonly dialled: (one: T) => void;
  readonly notDialled: (error: unknown) => void;
};

/** How long a connection took: TCP, and TLS after it where there is any. */
export type Timed = (connectMs: number, tlsMs: number | undefined) => void;

export type DialDeps = {
  readonly dead: DeadAddresses;
  readonly clock: Clock;
  /** Called for every connection that is established. */
  readonly timed?: Timed | undefined;
};

type ConnectionAttempt<T> = {
  readonly address: Address;
  readonly one: T;
  readonly sinceMs: number;
  /** When TCP was established, where TLS follows; `sinceMs` until then. */
  connectedMs: number;
  readonly forget: () => void;
  /** It took so long that the next one was begun. */
  overtaken: boolean;
};

/**
 * Connects to one of several addresses, in the manner of RFC 8305 ("Happy Eyeballs"): one after the other, the next one as soon as
 * the one before has failed or has taken too long to be waited for alone. The first that is established wins, the others are
 * destroyed. What failed, or was overtaken, is remembered as dead.
 */
export class Dial<T extends Dialled> {
  readonly #plan: DialPlan<T>;
  readonly #dead: DeadAddresses;
  readonly #clock: Clock;
  readonly #timed: Timed | undefined;
  readonly #handler: DialHandler<T>;
  readonly #stepMs: number;
  readonly #trying = new Set<ConnectionAttempt<T>>();
  #started = 0;
  #timer: Timer | undefined;
  #shortage: unknown;
  #over = false;

  constructor(plan: DialPlan<T>, handler: DialHandler<T>, deps: DialDeps) {
    this.#plan = plan;
    this.#handler = handler;
    this.#dead = deps.dead;
    this.#clock = deps.clock;
    this.#timed = deps.timed;
    this.#stepMs = nextAddressMs(plan.connectMs, plan.addresses.length);
    this.#next();
  }

  /** Calls it off, also because it has taken too long: nothing is called afterwards. */
  readonly cancel = (): void => {
    if (!this.#over) this.#end();
  };

  static stepped<T extends Dialled>(this: void, self: Dial<T>): void {
    for (const attempt of self.#trying) attempt.overtaken = true;
    self.#next();
  }

  #next(): void {
    stopTimer(this.#timer);
    const address = this.#plan.addresses[this.#started] as Address;
    this.#started += 1;
    this.#startStep();
    let one: T;
    try {
      one = this.#plan.open(address);
    } catch (error) {
      // Not at once: the caller has no way yet to call this off.
      return atEndOfTurn(() => this.#missed(error));
    }
    this.#trying.add(this.#watched(address, one));
  }

  #watched(address: Address, one: T): ConnectionAttempt<T> {
    const { socket } = one;
    const sinceMs = this.#clock.nowMs();
    const attempt: ConnectionAttempt<T> = { address, one, sinceMs, connectedMs: sinceMs, forget, overtaken: false };
    const established = (): void => this.#won(attempt);
    const failed = (error: unknown): void => this.#failed(attempt, error);
    const ended = (): void => this.#failed(attempt, new Error('closed while connecting'));
    const answered = (): void => {
      attempt.connectedMs = this.#clock.nowMs();
      this.#startStep();
    };
    const event = this.#plan.secure ? 'secureConnect' : 'connect';
    socket.once(event, established).once('error', failed).once('end', ended).once('close', ended);
    // Whoever answers to TCP is there; its handshake may take the time that it takes from far away.
    if (this.#plan.secure) socket.once('connect', answered);
    return attempt;

    function forget(): void {
      socket
        .off(event, established)
        .off('error', failed)
        .off('end', ended)
        .off('close', ended)
        .off('connect', answered);
    }
  }

  #startStep(): void {
    stopTimer(this.#timer);
    if (this.#started < this.#plan.addresses.length) this.#timer = startTimer(this.#stepMs, Dial.stepped, this);
  }

  #won(attempt: ConnectionAttempt<T>): void {
    this.#dead.lived(attempt.address);
    this.#tell(attempt);
    attempt.forget();
    this.#trying.delete(attempt);
    this.#end();
    this.#handler.dialled(attempt.one);
  }

  #tell({ sinceMs, connectedMs }: ConnectionAttempt<T>): void {
    const nowMs = this.#clock.nowMs();
    if (this.#plan.secure) this.#timed?.(connectedMs - sinceMs, nowMs - connectedMs);
    else this.#timed?.(nowMs - sinceMs, undefined);
  }

  #failed(attempt: ConnectionAttempt<T>, error: unknown): void {
    this.#trying.delete(attempt);
    drop(attempt);
    if (isShortage(error)) this.#shortage = error;
    else this.#dead.died(attempt.address);
    this.#missed(error);
  }

  #missed(error: unknown): void {
    if (this.#over) return;
    if (this.#started < this.#plan.addresses.length) return this.#next();
    if (this.#trying.size > 0) return;
    this.#end();
    // Where one address was not tried for want of something here, nobody knows that the endpoint is unreachable.
    this.#handler.notDialled(this.#shortage ?? error);
  }

  #end(): void {
    this.#over = true;
    stopTimer(this.#timer);
    const nowMs = this.#clock.nowMs();
    for (const attempt of this.#trying) {
      const late = attempt.overtaken || nowMs - attempt.sinceMs >= this.#stepMs;
      if (late) this.#dead.died(attempt.address);
      drop(attempt);
    }
    this.#trying.clear();
  }
}

/** How long an address is waited for before the next is tried too: all of them are to have had a part of `connectMs`. */
export function nextAddressMs(connectMs: number, addresses: number): number {
  return Math.max(NEXT_ADDRESS_MIN_MS, Math.min(NEXT_ADDRESS_MS, connectMs / (addresses + 1)));
}

function drop<T extends Dialled>({ one, forget }: ConnectionAttempt<T>): void {
  forget();
  // A socket that is being destroyed may still emit an error; without a listener it would end the thread.
  one.socket.on('error', () => {});
  one.destroy();
}
