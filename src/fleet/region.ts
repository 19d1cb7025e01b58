import type { Clock } from '../table/clock.ts';
import type { Emit } from '../table/event.ts';
import { Alarm } from './alarm.ts';
import { Bringer } from './bringer.ts';
import { Holdings, type HoldingsDeps, type Part } from './holdings.ts';
import type { Poll, Polled, RegionStore } from './region-store.ts';
import type { Register } from './register.ts';
import { registerText, textHash } from './register-text.ts';
import { StoreTrouble } from './store-trouble.ts';

/** Records that one answer has at most. */
export const CHANGES_MAX = 100;
/** For how long its holder may be the keeper without saying so again. */
export const LEASE_MS = 3000;

const NO_HASH = '-';

export type RegionDeps = Omit<HoldingsDeps, 'trouble' | 'alarm'> & {
  readonly store: RegionStore;
  readonly clock: Clock;
  readonly emit: Emit;
  /** A write is given up after this long. */
  readonly limitMs: number;
};

/**
 * One region's store as this edge sees it: where in the sequence of its changes the reading is, who its keeper is, and
 * what it has (holdings.ts). A store that lost its data shows by the name of its life: it is then read from the start,
 * and brought what it lacks.
 */
export class Region {
  readonly name: string;
  readonly store: RegionStore;
  readonly trouble: StoreTrouble;
  readonly alarm = new Alarm();
  readonly #deps: RegionDeps;
  readonly #holdings: Holdings;
  readonly #bringer: Bringer;
  #life = '';
  #after = 0;
  /** All that is known is to be compared with what it has, once that has been read. */
  #auditDue = true;
  #keeper = '';
  #leaseHeardMs = Number.NEGATIVE_INFINITY;
  #readAtMs = Number.NEGATIVE_INFINITY;
  #contactMs = Number.NEGATIVE_INFINITY;

  constructor(deps: RegionDeps) {
    this.#deps = deps;
    this.name = deps.name;
    this.store = deps.store;
    this.trouble = new StoreTrouble(deps.name, deps.emit);
    this.#holdings = new Holdings({ ...deps, trouble: this.trouble, alarm: this.alarm });
    this.#bringer = new Bringer({ ...deps, holdings: this.#holdings, trouble: this.trouble });
  }

  get part(): Part {
    return this.#holdings.part;
  }

  /** Records that it is owed. */
  get waiting(): number {
    return this.#holdings.waiting;
  }

  /** When the next of them is due. */
  get dueMs(): number {
    return this.#holdings.dueMs;
  }

  /** When all that it had was last read, or -Infinity. */
  get readAtMs(): number {
    return this.#readAtMs;
  }

  /** When it last answered. */
  get contactMs(): number {
    return this.#contactMs;
  }

  /** Whether it can be reached, read and written: what can only be read is no place to tell anything or to hear of others. */
  isUp(): boolean {
    return this.isReadable() && !this.trouble.has('refused');
  }

  isReadable(): boolean {
    return this.store.isConnected() && !this.trouble.has('read');
  }

  /** Whether this edge is its keeper, as far as it has said lately. */
  isKept(): boolean {
    return this.#keeper === this.#deps.edge && this.#deps.clock.nowMs() - this.#leaseHeardMs < LEASE_MS;
  }

  /** Whether what is known has been compared with what it has. */
  isAudited(): boolean {
    return !this.#auditDue;
  }

  /** Whether it has all that this edge knows, by what it has read itself. */
  isInStep(): boolean {
    return !this.#auditDue && this.part === 'carries' && this.#holdings.isInStep();
  }

  take(part: Part): void {
    if (part === this.part) return;
    this.#holdings.part = part;
    this.#auditDue = true;
    this.alarm.ring();
  }

  /** What this edge wrote may be brought here now. */
  release(key: string): void {
    this.#holdings.release(key);
  }

  /** Brings one key at once. False when it was not stored. A connection that is replaced meanwhile is tried once more. */
  async bringNow(key: string, limitMs: number): Promise<boolean> {
    const { clock } = this.#deps;
    const untilMs = clock.nowMs() + limitMs;
    for (let tries = 0; tries < 2 && this.store.isConnected() && clock.nowMs() < untilMs; tries += 1) {
      try {
        const stored = await this.#bringer.bring([key], untilMs - clock.nowMs());
        this.#contactMs = clock.nowMs();
        return stored;
      } catch {
        // `trouble` reports what is wrong.
      }
    }
    return false;
  }

  /** Whether the store is known to have just what is known here. */
  has(key: string): boolean {
    return this.#holdings.has(key);
  }

  /** Has the store forget what it and all others are known to have. False when it has something else. Rejects when it cannot be asked. */
  async forget(key: string): Promise<boolean> {
    if (this.store.forget === undefined) return false;
    return this.store.forget(key, this.#holdings.hashOf(key), this.#deps.limitMs);
  }

  /** Learns what the store has under a key now, and returns its hash (empty: nothing); undefined when this edge cannot read it. */
  async look(key: string, limitMs: number): Promise<string | undefined> {
    // No text has this hash, so nothing is written and what is there comes back.
    const [there] = await this.store.swap([{ key, was: NO_HASH, text: '' }], limitMs);
    const text = there === true ? undefined : there?.text;
    if (text === undefined) return '';
    return this.#holdings.learn(key, text) ? textHash(text) : undefined;
  }

  /** Stores a register in place of what has this hash; false when something else is there. Rejects when that is not known. */
  async replace(register: Register, was: string, limitMs: number): Promise<boolean> {
    const [done] = await this.store.swap([{ key: register.key, was, text: registerText(register) }], limitMs);
    return done === true;
  }

  /** The store has this now. */
  stored(register: Register): void {
    this.#holdings.stored(register);
  }

  /** Brings what is due. Rejects when that cannot be done now; it stays owed then. */
  async bringDue(): Promise<void> {
    await this.#bringer.bringDue(this.#deps.limitMs);
  }

  /** The channel announced a change. One that is missing before it is read soon. */
  heard(seq: number, key: string, text: string): void {
    if (this.part === 'own') return;
    this.#contactMs = this.#deps.clock.nowMs();
    this.#holdings.learn(key, text);
    if (seq === this.#after + 1) this.#after = seq;
    else if (seq > this.#after) this.alarm.ring();
  }

  /**
   * Asks the store for what has changed, or only whether it is there and the same; with a lease, also who the keeper is.
   * Rejects when it does not answer.
   */
  async read(want: 'changes' | 'life', wantsLease: boolean): Promise<void> {
    const lease = wantsLease ? { edge: this.#deps.edge, ms: LEASE_MS } : undefined;
    const changesMax = want === 'changes' ? CHANGES_MAX : 0;
    for (let more = true; more; ) {
      const startedMs = this.#deps.clock.nowMs();
      const polled = await this.#ask({ life: this.#life, after: this.#after, changesMax, lease });
      if (lease !== undefined) [this.#keeper, this.#leaseHeardMs] = [polled.keeper, startedMs];
      if (polled.life !== this.#life) this.#begin(polled.life);
      if (want === 'life') break;
      for (const [key, text] of polled.changes) this.#holdings.learn(key, text);
      this.#after = polled.after;
      more = polled.more;
      if (!more) this.#readAtMs = startedMs;
    }
    if (!this.#auditDue || (want === 'life' && this.part !== 'own')) return;
    this.#auditDue = false;
    this.#holdings.audit();
  }

  async #ask(poll: Poll): Promise<Polled> {
    try {
      const polled = await this.store.poll(poll);
      this.#contactMs = this.#deps.clock.nowMs();
      this.trouble.set('link', '');
      this.trouble.set('read', '');
      this.trouble.set('refused', polled.refused);
      return polled;
    } catch (error) {
      this.trouble.set(this.store.isConnected() ? 'read' : 'link', (error as Error).message);
      throw error;
    }
  }

  #begin(life: string): void {
    this.#life = life;
    this.#after = 0;
    this.#auditDue = true;
    this.#holdings.forget();
  }
}
