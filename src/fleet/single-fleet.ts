import { runLoop } from '../table/loop.ts';
import type { Fleet, FleetDigest, FleetStatus, Put, SharedRecord, SharedValue, ValueAccess } from './fleet.ts';
import type { FleetDeps } from './fleet-deps.ts';
import { Records } from './records.ts';
import { readRegister, registerText } from './register-text.ts';
import { RecordFile } from './sqlite.ts';
import { StoreTrouble } from './store-trouble.ts';
import { Unreadable } from './unreadable.ts';

/** How long a file that could not be written is left alone. */
export const KEEP_RETRY_MS = 1000;

/** The fleet of an edge that is alone: its records are in a file (`sqlite`), or gone with it (`memory`). */
export class SingleFleet implements Fleet {
  readonly #deps: FleetDeps;
  readonly #records: Records;
  readonly #unreadable: Unreadable;
  readonly #trouble: StoreTrouble;
  readonly #file: RecordFile | undefined;
  /** Keys that the file does not have as they are. */
  readonly #waiting = new Set<string>();
  /** Keys under which it has what this edge cannot read, and so does not write over. */
  readonly #blocked = new Set<string>();
  readonly #stopped = new AbortController();
  #running: Promise<void> | undefined;

  constructor(deps: FleetDeps) {
    this.#deps = deps;
    const { settings, emit } = deps;
    this.#records = new Records(deps);
    this.#unreadable = new Unreadable(emit);
    this.#trouble = new StoreTrouble(settings.region, emit);
    if (settings.store !== 'sqlite') return;
    if (settings.path === undefined) throw new Error('the sqlite store of the fleet needs a path');
    this.#file = new RecordFile(settings.path);
    for (const [key, text] of this.#file.all()) this.#load(key, text);
  }

  readonly start = async (): Promise<void> => {
    const signal = AbortSignal.any([this.#deps.signal, this.#stopped.signal]);
    const loop = { name: 'fleet records', periodMs: () => KEEP_RETRY_MS, tick: async () => this.#keep() };
    if (this.#file !== undefined) this.#running = runLoop(loop, { ...this.#deps, signal });
  };

  readonly close = async (): Promise<void> => {
    this.#stopped.abort();
    await this.#running;
    this.#keep();
    this.#file?.close();
  };

  readonly list = (prefix: string): readonly SharedRecord[] => this.#records.list(prefix);

  readonly put = async (key: string, value: SharedValue): Promise<Put> => this.#put(key, value);

  /** There is nobody else, so what is known is what there is. */
  readonly values: ValueAccess = {
    writes: (key) => this.#records.writes(key),
    putIf: async (key, make) => {
      const record = this.#records.view(key);
      const value = make(record);
      return value === undefined ? { kind: 'conflict', record } : { kind: 'put', put: this.#put(key, value) };
    },
    forget: async (key) => {
      if (this.#waiting.has(key) || this.#blocked.has(key)) return;
      try {
        this.#file?.delete(key);
        this.#records.forget(key);
      } catch (error) {
        this.#trouble.set('write', `its file cannot be written: ${(error as Error).message}`);
      }
    },
    onForget: (listener) => this.#records.onForget(listener),
    strong: undefined,
  };

  readonly onChange = (listener: (record: SharedRecord) => void): void => this.#records.onChange(listener);

  readonly report = (): void => {};

  readonly digest = (): FleetDigest => ({ edges: 0, endpoints: new Map() });

  readonly claim = async (): Promise<undefined> => undefined;

  readonly status = (): FleetStatus => {
    const { edge, settings } = this.#deps;
    const { region } = settings;
    const { cause } = this.#trouble;
    return {
      edge,
      region,
      edges: [{ id: edge, region, heardMsAgo: 0 }],
      left: [],
      regions: [
        {
          region,
          role: 'primary',
          connected: !this.#trouble.has('write'),
          writable: !this.#trouble.has('write'),
          trouble: cause,
          waiting: this.#waiting.size,
        },
      ],
      lags: [],
      records: this.#records.size,
      conflictsResolved: this.#records.conflicts,
      unreadable: { count: this.#unreadable.count, last: this.#unreadable.last() },
      reportsDropped: 0,
    };
  };

  #put(key: string, value: SharedValue): Put {
    this.#records.put(key, value);
    if (this.#file !== undefined) this.#waiting.add(key);
    this.#keep();
    const record = this.#records.view(key) as SharedRecord;
    return { stored: this.#waiting.has(key) ? 'here' : 'primary', record };
  }

  #load(key: string, text: string): void {
    const register = readRegister(key, text);
    if (typeof register !== 'string') {
      this.#records.take(register);
      return;
    }
    this.#blocked.add(key);
    this.#unreadable.found(this.#deps.settings.region, key, register);
    this.#trouble.set('records', 'it has records that this edge cannot read, and leaves alone');
  }

  /** Writes what waits, and goes on without when that cannot be done now. */
  #keep(): void {
    try {
      for (const key of this.#waiting) {
        const register = this.#records.get(key);
        if (register === undefined || this.#blocked.has(key)) continue;
        this.#file?.put(key, registerText(register));
        this.#waiting.delete(key);
      }
      this.#trouble.set('write', '');
    } catch (error) {
      this.#trouble.set('write', `its file cannot be written: ${(error as Error).message}`);
    }
  }
}
