import type { Clock } from '../../table/clock.ts';
import { startTimer, stopTimer, type Timer } from '../../table/timers.ts';

/** What is due is found out in steps of this many milliseconds, and never early. */
export const TICK_MS = 10;
/** Slots of the wheel; what is due further away than they reach goes round more than once. */
const SLOTS = 1024;

/**
 * Something that happens unless it is called off. Belongs to a connection and is armed again and again, so that no request
 * makes a timer: arming is a link in a list.
 */
export class Deadline {
  readonly onDue: () => void;
  dueTick = 0;
  armed = false;
  next: Deadline = this;
  previous: Deadline = this;

  constructor(onDue: () => void) {
    this.onDue = onDue;
  }
}

/** A hashed timing wheel (Varghese and Lauck, 1987, scheme 6) over one timer of the runtime, which sleeps until something is due. */
export class Deadlines {
  readonly #clock: Clock;
  /** Each slot is the head of a ring of deadlines. */
  readonly #slots: readonly Deadline[] = Array.from({ length: SLOTS }, () => new Deadline(() => {}));
  #armed = 0;
  /** Everything due up to this tick has been told. */
  #toldTick: number;
  #wakeTick = Number.POSITIVE_INFINITY;
  #timer: Timer | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#toldTick = Math.floor(clock.nowMs() / TICK_MS);
  }

  /** Has `deadline` happen in `ms` milliseconds or a little later; one that is armed is moved. */
  arm(deadline: Deadline, ms: number): void {
    if (deadline.armed) this.disarm(deadline);
    const tick = Math.max(this.#toldTick + 1, Math.ceil((this.#clock.nowMs() + ms) / TICK_MS));
    deadline.dueTick = tick;
    deadline.armed = true;
    this.#armed += 1;
    const slot = this.#slots[tick % SLOTS] as Deadline;
    deadline.next = slot;
    deadline.previous = slot.previous;
    slot.previous.next = deadline;
    slot.previous = deadline;
    if (tick < this.#wakeTick) this.#sleepUntil(tick);
  }

  disarm(deadline: Deadline): void {
    if (!deadline.armed) return;
    deadline.armed = false;
    this.#armed -= 1;
    deadline.previous.next = deadline.next;
    deadline.next.previous = deadline.previous;
  }

  /** Forgets everything. */
  close(): void {
    stopTimer(this.#timer);
    for (const slot of this.#slots) slot.next = slot.previous = slot;
    this.#wakeTick = Number.NEGATIVE_INFINITY;
  }

  static woken(this: void, self: Deadlines): void {
    self.#tell();
    if (self.#wakeTick === Number.NEGATIVE_INFINITY) return;
    self.#wakeTick = Number.POSITIVE_INFINITY;
    if (self.#armed > 0) self.#sleepUntil(self.#nextTick());
  }

  #tell(): void {
    const nowTick = Math.floor(this.#clock.nowMs() / TICK_MS);
    const rounds = Math.min(nowTick - this.#toldTick, SLOTS);
    const first = nowTick - rounds + 1;
    this.#toldTick = nowTick;
    for (let tick = first; tick <= nowTick; tick += 1) this.#tellSlot(this.#slots[tick % SLOTS] as Deadline, nowTick);
  }

  #tellSlot(slot: Deadline, nowTick: number): void {
    let deadline = slot.next;
    while (deadline !== slot) {
      if (deadline.dueTick > nowTick) {
        deadline = deadline.next;
        continue;
      }
      this.disarm(deadline);
      deadline.onDue();
      // What happened may have changed the ring anywhere.
      deadline = slot.next;
    }
  }

  /** The next tick whose slot has anything, though it may be for a later round. */
  #nextTick(): number {
    for (let ahead = 1; ahead < SLOTS; ahead += 1) {
      const slot = this.#slots[(this.#toldTick + ahead) % SLOTS] as Deadline;
      if (slot.next !== slot) return this.#toldTick + ahead;
    }
    return this.#toldTick + SLOTS;
  }

  #sleepUntil(tick: number): void {
    stopTimer(this.#timer);
    this.#wakeTick = tick;
    const ms = Math.max(1, Math.ceil(tick * TICK_MS - this.#clock.nowMs()));
    this.#timer = startTimer(ms, Deadlines.woken, this);
  }
}
