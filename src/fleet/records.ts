import { compareText } from '../config/compare-text.ts';
import { ownEntry } from '../config/own-entry.ts';
import type { Random } from '../table/clock.ts';
import type { Emit } from '../table/event.ts';
import type { Merge, SharedRecord, SharedValue } from './fleet.ts';
import { checkRecord, checkRoom, kindOf } from './limits.ts';
import { mergeFor } from './merge.ts';
import { Numbers } from './numbers.ts';
import { blank, join, type Register, type Write, written } from './register.ts';
import { viewOf, writesOf } from './view.ts';

export type RecordsDeps = {
  readonly edge: string;
  readonly merges: Readonly<Record<string, Merge>>;
  readonly random: Random;
  readonly wallMs: () => number;
  readonly emit: Emit;
};

/** Called with a key whose register has changed; `mine` when this edge wrote it. */
export type Noticed = (register: Register, mine: boolean) => void;

/**
 * What this edge knows: every key's register, in memory. Whatever arrives is joined, so order and repetition of what
 * arrives do not matter.
 *
 * An edge whose wall clock went back while it was down, and that cannot read the stores yet, may give numbers below those
 * of its earlier life, and whoever knows that life takes the new writes for seen. The edge notices when it first meets a
 * number under its name that it has not given: it goes on above, and writes what was hidden once more. Only once, for
 * two edges that go by one name would do so for ever.
 */
export class Records {
  readonly #deps: RecordsDeps;
  readonly #numbers: Numbers;
  readonly #registers = new Map<string, Register>();
  readonly #views = new Map<string, SharedRecord>();
  /** How many there are of each kind. */
  readonly #counts = new Map<string, number>();
  /** Numbers of this life's last writes by key, that may be written once more. */
  readonly #mine = new Map<string, number>();
  readonly #noticed: Noticed[] = [];
  readonly #listeners: ((record: SharedRecord) => void)[] = [];
  readonly #onForget: ((key: string) => void)[] = [];
  #conflicts = 0;

  constructor(deps: RecordsDeps) {
    this.#deps = deps;
    this.#numbers = new Numbers(deps.wallMs, deps.random);
  }

  get size(): number {
    return this.#registers.size;
  }

  /** Times that writes were found that had not seen each other. */
  get conflicts(): number {
    return this.#conflicts;
  }

  get(key: string): Register | undefined {
    return this.#registers.get(key);
  }

  registers(): Iterable<Register> {
    return this.#registers.values();
  }

  view(key: string): SharedRecord | undefined {
    return this.#views.get(key);
  }

  /** The writes of a key that stand side by side. */
  writes(key: string): readonly SharedRecord[] {
    const register = this.#registers.get(key);
    return register === undefined ? [] : writesOf(register);
  }

  list(prefix: string): readonly SharedRecord[] {
    const found = [...this.#views.values()].filter(({ key }) => key.startsWith(prefix));
    return found.sort((a, b) => compareText(a.key, b.key));
  }

  /** Called before those of `onChange`. */
  onRegister(noticed: Noticed): void {
    this.#noticed.push(noticed);
  }

  onChange(listener: (record: SharedRecord) => void): void {
    this.#listeners.push(listener);
  }

  /** Called with a key of which nothing is known any more. */
  onForget(forgot: (key: string) => void): void {
    this.#onForget.push(forgot);
  }

  /** Writes a key. Throws for what is too large or too much. */
  put(key: string, value: SharedValue): Register {
    this.#check(key, value);
    const number = this.#write(key, structuredClone(value));
    this.#mine.set(key, number);
    return this.#registers.get(key) as Register;
  }

  /** What `put` would make of the key, without doing it. */
  draft(key: string, value: SharedValue): Register {
    this.#check(key, value);
    const before = this.#registers.get(key) ?? blank(key);
    return written(before, this.#made(before, structuredClone(value)));
  }

  /** Takes in a draft that has been stored; returns what is known then. */
  adopt(draft: Register): Register {
    const before = this.#registers.get(draft.key);
    const after = before === undefined ? draft : join(before, draft);
    if (after !== before) this.#set(after, true);
    return this.#registers.get(draft.key) as Register;
  }

  /** Forgets a key, which is as if nobody had ever written it. */
  forget(key: string): void {
    if (!this.#registers.delete(key)) return;
    this.#views.delete(key);
    this.#mine.delete(key);
    this.#counts.set(kindOf(key), (this.#counts.get(kindOf(key)) ?? 1) - 1);
    for (const forgot of this.#onForget) forgot(key);
  }

  /** Takes in what was heard, and returns what is known then: the very object `heard` when that says it all. */
  take(heard: Register): Register {
    const before = this.#registers.get(heard.key);
    const after = before === undefined ? heard : join(before, heard);
    const given = ownEntry(heard.clock, this.#deps.edge) ?? 0;
    const isStrange = this.#numbers.met(given);
    if (after === before) return after;
    if (after.writes.length > 1) this.#conflict(after);
    this.#set(after, false);
    if (isStrange && before !== undefined) this.#writeAgain(before, after);
    return this.#registers.get(heard.key) as Register;
  }

  #check(key: string, value: SharedValue): void {
    checkRecord(key, value);
    if (!this.#registers.has(key)) checkRoom(kindOf(key), this.#counts.get(kindOf(key)) ?? 0);
  }

  #write(key: string, value: SharedValue): number {
    const before = this.#registers.get(key) ?? blank(key);
    const write = this.#made(before, value);
    this.#set(written(before, write), true);
    return write.number;
  }

  #made(before: Register, value: SharedValue): Write {
    const number = this.#numbers.next(before.clock);
    return Object.freeze({ by: this.#deps.edge, number, atMs: this.#deps.wallMs(), value: Object.freeze(value) });
  }

  #writeAgain(before: Register, after: Register): void {
    const number = this.#mine.get(before.key);
    const isMine = (write: { by: string; number: number }) => write.by === this.#deps.edge && write.number === number;
    const hidden = before.writes.find(isMine);
    if (hidden === undefined || after.writes.some(isMine)) return;
    this.#mine.delete(before.key);
    this.#write(before.key, hidden.value);
  }

  #conflict({ key, writes }: Register): void {
    this.#conflicts += 1;
    this.#deps.emit({ type: 'fleet-conflict', key, edges: writes.map(({ by }) => by) });
  }

  #set(register: Register, mine: boolean): void {
    const kind = kindOf(register.key);
    if (!this.#registers.has(register.key)) this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
    this.#registers.set(register.key, register);
    const view = viewOf(register, mergeFor(register.key, this.#deps.merges));
    if (view !== undefined) this.#views.set(register.key, view);
    for (const noticed of this.#noticed) noticed(register, mine);
    if (view === undefined) return;
    for (const listener of this.#listeners) this.#tell(listener, view);
  }

  /** Who listens cannot keep the fleet from going on. */
  #tell(listener: (record: SharedRecord) => void, view: SharedRecord): void {
    try {
      listener(view);
    } catch (error) {
      this.#deps.emit({ type: 'loop-failed', loop: 'fleet', error: String(error) });
    }
  }
}
