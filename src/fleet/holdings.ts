import type { Clock, Random } from '../table/clock.ts';
import type { Alarm } from './alarm.ts';
import { Debts } from './debts.ts';
import type { Records } from './records.ts';
import { FORGOTTEN } from './region-store.ts';
import { isSame, type Register } from './register.ts';
import { readRegister, registerText, textHash } from './register-text.ts';
import type { StoreTrouble } from './store-trouble.ts';
import type { Unreadable } from './unreadable.ts';

/** How long an edge that is not the keeper leaves it to others to bring its store what it lacks; up to twice that. */
export const GRACE_MS = 500;
/** A record that cannot be read may be gone later. */
export const UNREADABLE_RETRY_MS = 30_000;

/**
 * What this edge does for a store: `own` brings it what this edge writes, `reads` also learns from it and, after a while,
 * brings what it lacks; `carries` brings that at once, which is the keeper's part.
 */
export type Part = 'own' | 'reads' | 'carries';

export type HoldingsDeps = {
  readonly name: string;
  readonly edge: string;
  readonly records: Records;
  readonly unreadable: Unreadable;
  readonly trouble: StoreTrouble;
  readonly alarm: Alarm;
  readonly clock: Clock;
  readonly random: Random;
  /** How long what this edge writes waits to be released (see `release`). */
  readonly holdMs: number;
};

/** What one store is known to have, and what it is owed because of that. All of it can be made anew from what the store says. */
export class Holdings {
  part: Part = 'own';
  readonly #deps: HoldingsDeps;
  /** By key: the very register of `records` where the store is in step. */
  readonly #seen = new Map<string, Register>();
  readonly #debts = new Debts();
  /** Keys under which it has what this edge cannot read. */
  readonly #blocked = new Set<string>();

  constructor(deps: HoldingsDeps) {
    this.#deps = deps;
    deps.records.onRegister((register, mine) => this.#noticed(register, mine));
    deps.records.onForget((key) => this.#forgot(key));
  }

  get waiting(): number {
    return this.#debts.size;
  }

  get dueMs(): number {
    return this.#debts.nextMs();
  }

  /** Nothing is owed but what cannot be written. */
  isInStep(): boolean {
    return this.#debts.size <= this.#blocked.size;
  }

  isBlocked(key: string): boolean {
    return this.#blocked.has(key);
  }

  due(most: number): readonly string[] {
    return this.#debts.due(this.#deps.clock.nowMs(), most);
  }

  /** A key that is owed is due now. */
  release(key: string): void {
    if (this.#debts.hasten(key, this.#deps.clock.nowMs())) this.#deps.alarm.ring();
  }

  /** The hash of the text that it has under a key, as far as is known; empty for none. */
  hashOf(key: string): string {
    const seen = this.#seen.get(key);
    return seen === undefined ? '' : textHash(registerText(seen));
  }

  /** What is to be brought under a key; undefined when that is nothing. */
  owed(key: string): Register | undefined {
    const register = this.#deps.records.get(key);
    if (register !== undefined && this.#seen.get(key) !== register) return register;
    this.#debts.settle(key);
    return undefined;
  }

  stored(register: Register): void {
    this.#seen.set(register.key, register);
    if (this.#deps.records.get(register.key) === register) this.#debts.settle(register.key);
  }

  /** Whether the store is known to have exactly what is known. */
  has(key: string): boolean {
    const known = this.#deps.records.get(key);
    return known !== undefined && this.#seen.get(key) === known;
  }

  /** Takes in what the store has under a key; false when that cannot be read. An empty text: nothing. */
  learn(key: string, text: string): boolean {
    if (text === FORGOTTEN) return this.#forgotten(key);
    if (text === '') return this.#lost(key);
    const heard = readRegister(key, text);
    if (typeof heard === 'string') return this.#block(key, heard);
    const { records } = this.#deps;
    this.#unblock(key);
    this.#seen.set(key, heard);
    const known = records.take(heard);
    if (known !== heard && isSame(known, heard)) this.#seen.set(key, known);
    this.#noticed(known, false);
    return true;
  }

  /** The store has lost what it had. */
  forget(): void {
    this.#seen.clear();
    this.#blocked.clear();
    this.#tellBlocked();
  }

  /** Compares all that is known with what it has. */
  audit(): void {
    for (const register of this.#deps.records.registers()) {
      this.#noticed(
        register,
        register.writes.some(({ by }) => by === this.#deps.edge),
      );
    }
  }

  #noticed(register: Register, mine: boolean): void {
    const { key } = register;
    if (this.#seen.get(key) === register) return this.#debts.settle(key);
    const waitMs = this.#waitMs(mine);
    if (waitMs === undefined) return;
    this.#debts.owe(key, Math.min(this.#debts.whenMs(key), this.#deps.clock.nowMs() + waitMs));
    if (waitMs === 0) this.#deps.alarm.ring();
  }

  #waitMs(mine: boolean): number | undefined {
    if (mine) return this.#deps.holdMs;
    if (this.part === 'carries') return 0;
    return this.part === 'reads' ? GRACE_MS * (1 + this.#deps.random()) : undefined;
  }

  /**
   * All regions had a deletion that is long past, and the stores forget it. What this edge knows of the key is that deletion or
   * something that it replaced, if it is what the store had; anything else was written since, and is brought.
   */
  #forgotten(key: string): true {
    if (this.has(key)) this.#deps.records.forget(key);
    else this.#lost(key);
    return true;
  }

  #forgot(key: string): void {
    this.#seen.delete(key);
    this.#unblock(key);
    this.#debts.settle(key);
  }

  #lost(key: string): true {
    this.#seen.delete(key);
    this.#unblock(key);
    const known = this.#deps.records.get(key);
    if (known !== undefined) this.#noticed(known, false);
    return true;
  }

  #block(key: string, error: string): false {
    this.#deps.unreadable.found(this.#deps.name, key, error);
    this.#blocked.add(key);
    this.#tellBlocked();
    this.#seen.delete(key);
    if (this.#debts.has(key)) this.#debts.owe(key, this.#deps.clock.nowMs() + UNREADABLE_RETRY_MS);
    return false;
  }

  #unblock(key: string): void {
    if (this.#blocked.delete(key)) this.#tellBlocked();
  }

  #tellBlocked(): void {
    const cause = 'it has records that this edge cannot read, and leaves alone';
    this.#deps.trouble.set('records', this.#blocked.size === 0 ? '' : cause);
  }
}
