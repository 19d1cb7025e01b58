import type { Clock } from './clock.ts';
import { startTimer, stopTimer, type Timer } from './timers.ts';

/** What is due is found out in steps of this many milliseconds, and never early. */
export const TICK_MS = 10;
/** Slots of the wheel; what is due further away than they reach goes round more than once. */
const SLOTS = 1024;

const NEVER = Number.POSITIVE_INFINITY;

/**
 * Something that happens unless it is called off. Belongs to a connection and is armed again and again, so that no request
 * makes a timer.
 */
export class Deadline {
  readonly onDue: () => void;
  dueTick = NEVER;
  /** The tick at whose slot it is in the wheel, or `NEVER` when it is in none: at the latest when it is due. */
  linkedTick = NEVER;
  next: Deadline = this;
  previous: Deadline = this;

  constructor(onDue: () => void) {
    this.onDue = onDue;
  }

  get armed(): boolean {
    return this.dueTick !== NEVER;
  }
}

/**
 * A hashed timing wheel (Varghese and Lauck, 1987, scheme 6) over one timer of the runtime, which sleeps until there is something
 * to look at. Deadlines are nearly always called off or moved further away, so neither is done in the wheel: one stays in its
 * slot until that comes round, and is put where it belongs then.
 */
export class Deadlines {
  readonly #clock: Clock;
  readonly #faulted: (error: unknown) => void;
  /** Each slot is the head of a ring of deadlines. */
  readonly #slots: readonly Deadline[] = Array.from({ length: SLOTS }, () => new Deadline(() => {}));
  #linked = 0;
  /** Everything due up to this tick has been called. */
  #calledTick: number;
  #wakeTick = NEVER;
  #timer: Timer | undefined;
  #closed = false;

  /** `faulted` is called with errors of what happens: the other deadlines of the moment happen all the same. */
  constructor(clock: Clock, faulted: (error: unknown) => void = rethrow) {
    this.#clock = clock;
    this.#faulted = faulted;
    this.#calledTick = Math.floor(clock.nowMs() / TICK_MS);
  }

  /** The clock that deadlines go by. */
  get nowMs(): number {
    return this.#clock.nowMs();
  }

  /** Has `deadline` happen `ms` milliseconds after `nowMs`, which is now, or a little later; one that is armed is moved. */
  arm(deadline: Deadline, ms: number, nowMs: number = this.#clock.nowMs()): void {
    const tick = Math.max(this.#calledTick + 1, Math.ceil((nowMs + ms) / TICK_MS));
    deadline.dueTick = tick;
    if (deadline.linkedTick <= tick) return;
    if (deadline.linkedTick !== NEVER) this.#unlink(deadline);
    this.#link(deadline, tick);
  }

  disarm(deadline: Deadline): void {
    deadline.dueTick = NEVER;
  }

  /** Calls it off for good: the wheel forgets it, and whatever it belongs to. */
  remove(deadline: Deadline): void {
    deadline.dueTick = NEVER;
    if (deadline.linkedTick !== NEVER) this.#unlink(deadline);
  }

  /** Forgets everything. */
  close(): void {
    this.#closed = true;
    stopTimer(this.#timer);
    for (const slot of this.#slots) slot.next = slot.previous = slot;
  }

  static woken(this: void, self: Deadlines): void {
    self.#wakeTick = NEVER;
    self.#tell();
    if (self.#linked > 0 && !self.#closed) self.#sleepUntil(Math.min(self.#wakeTick, self.#nextTick()));
  }

  #link(deadline: Deadline, tick: number): void {
    const slot = this.#slots[tick % SLOTS] as Deadline;
    deadline.linkedTick = tick;
    deadline.next = slot;
    deadline.previous = slot.previous;
    slot.previous.next = deadline;
    slot.previous = deadline;
    this.#linked += 1;
    if (tick < this.#wakeTick) this.#sleepUntil(tick);
  }

  #unlink(deadline: Deadline): void {
    deadline.linkedTick = NEVER;
    deadline.previous.next = deadline.next;
    deadline.next.previous = deadline.previous;
    this.#linked -= 1;
  }

  #tell(): void {
    const nowTick = Math.floor(this.#clock.nowMs() / TICK_MS);
    const rounds = Math.min(nowTick - this.#calledTick, SLOTS);
    this.#calledTick = nowTick;
    for (let tick = nowTick - rounds + 1; tick <= nowTick; tick += 1) {
      this.#tellSlot(this.#slots[tick % SLOTS] as Deadline, nowTick);
    }
  }

  #tellSlot(slot: Deadline, nowTick: number): void {
    if (slot.next === slot) return;
    const ring = this.#emptied(slot);
    // What happens may change the ring, so it is taken one by one from its beginning.
    while (ring.next !== ring) {
      const deadline = ring.next;
      const { linkedTick, dueTick } = deadline;
      this.#unlink(deadline);
      if (linkedTick > nowTick) this.#link(deadline, linkedTick);
      else if (dueTick > nowTick) {
        if (dueTick !== NEVER) this.#link(deadline, dueTick);
      } else {
        deadline.dueTick = NEVER;
        this.#happen(deadline);
      }
    }
  }

  #happen(deadline: Deadline): void {
    try {
      deadline.onDue();
    } catch (error) {
      this.#faulted(error);
    }
  }

  /** A ring with everything that was in the slot. */
  #emptied(slot: Deadline): Deadline {
    const ring = new Deadline(() => {});
    ring.next = slot.next;
    ring.previous = slot.previous;
    ring.next.previous = ring;
    ring.previous.next = ring;
    slot.next = slot.previous = slot;
    return ring;
  }

  /** The next tick whose slot has anything, though it may be for a later round. */
  #nextTick(): number {
    for (let ahead = 1; ahead < SLOTS; ahead += 1) {
      const slot = this.#slots[(this.#calledTick + ahead) % SLOTS] as Deadline;
      if (slot.next !== slot) return this.#calledTick + ahead;
    }
    return this.#calledTick + SLOTS;
  }

  #sleepUntil(tick: number): void {
    if (this.#closed) return;
    stopTimer(this.#timer);
    this.#wakeTick = tick;
    const ms = Math.max(1, Math.ceil(tick * TICK_MS - this.#clock.nowMs()));
    this.#timer = startTimer(ms, Deadlines.woken, this);
  }
}

function rethrow(error: unknown): never {
  throw error;
}
