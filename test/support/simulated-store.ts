import type { Heard, Poll, Polled, RegionStore, Swap, Swapped } from '../../src/fleet/region-store.ts';
import { textHash } from '../../src/fleet/register-text.ts';
import type { VirtualTime } from './virtual-time.ts';

/** A server as the scripts of src/fleet/redis-scripts.ts make it behave. */
export class SimulatedServer {
  readonly name: string;
  alive = true;
  life = 1;
  seq = 0;
  readonly records = new Map<string, { text: string; seq: number }>();
  readonly subscribers = new Set<SimulatedStore>();
  lease = { edge: '', untilMs: 0 };
  /** Why it takes no writes; empty when it does. */
  refused = '';

  constructor(name: string) {
    this.name = name;
  }

  restart(keepsData: boolean): void {
    this.alive = true;
    this.life += 1;
    this.subscribers.clear();
    if (keepsData) return;
    this.records.clear();
    this.seq = 0;
    this.lease = { edge: '', untilMs: 0 };
  }

  swap(swaps: readonly Swap[]): readonly Swapped[] {
    if (this.refused !== '') throw new Error(this.refused);
    return swaps.map(({ key, was, text }) => {
      const there = this.records.get(key)?.text;
      if ((there === undefined ? '' : textHash(there)) !== was) return { text: there };
      this.seq += 1;
      this.records.set(key, { text, seq: this.seq });
      for (const store of this.subscribers) store.tellLater(this.seq, key, text);
      return true;
    });
  }

  poll(ask: Poll, nowMs: number): Polled {
    const life = String(this.life);
    const { refused } = this;
    if (
      refused === '' &&
      ask.lease !== undefined &&
      (this.lease.edge === ask.lease.edge || this.lease.untilMs <= nowMs)
    ) {
      this.lease = { edge: ask.lease.edge, untilMs: nowMs + ask.lease.ms };
    }
    const from = ask.life === life ? ask.after : 0;
    const news = [...this.records].filter(([, { seq }]) => seq > from).sort(([, a], [, b]) => a.seq - b.seq);
    const page = news.slice(0, ask.changesMax);
    const more = ask.changesMax > 0 && news.length > page.length;
    return {
      life,
      changes: page.map(([key, { text }]) => [key, text] as const),
      after: more ? (page.at(-1)?.[1].seq ?? 0) : this.seq,
      more,
      keeper: refused === '' && this.lease.untilMs > nowMs ? this.lease.edge : '',
      refused,
    };
  }
}

export type Wire = {
  readonly time: VirtualTime;
  readonly random: () => number;
  /** Whether bytes get through now. */
  readonly isOpen: () => boolean;
};

const DELAY_MS = 40;
const SILENCE_MS = 1000;
const RECONNECT_MS = 200;
/** Messages of the channel that get lost, as happens when a connection is replaced. */
const LOST = 0.05;

/** One edge's connection to a simulated server. */
export class SimulatedStore implements RegionStore {
  readonly #server: SimulatedServer;
  readonly #wire: Wire;
  #heard: Heard | undefined;
  #connected = true;
  #closed = false;
  #listens = false;
  #life = 1;

  constructor(server: SimulatedServer, wire: Wire) {
    this.#server = server;
    this.#wire = wire;
  }

  readonly start = (heard: Heard) => {
    this.#heard = heard;
    this.#reconnect();
  };

  readonly close = async () => {
    this.#closed = true;
    this.#server.subscribers.delete(this);
  };

  readonly isConnected = () => this.#connected;
  readonly trouble = () => (this.#connected ? '' : 'not connected');
  readonly listen = (on: boolean) => {
    this.#listens = on;
    if (on && this.#connected && this.#reaches()) this.#server.subscribers.add(this);
    else this.#server.subscribers.delete(this);
  };
  readonly poll = (ask: Poll) => this.#call(() => this.#server.poll(ask, this.#wire.time.nowMs), SILENCE_MS);
  readonly swap = (swaps: readonly Swap[], limitMs: number) => this.#call(() => this.#server.swap(swaps), limitMs);
  readonly tell = () => Promise.reject(new Error('not simulated'));
  readonly gather = () => Promise.resolve([]);
  readonly names = () => Promise.resolve([]);
  readonly claim = () => Promise.reject(new Error('not simulated'));
  readonly publish = () => Promise.resolve([]);

  tellLater(seq: number, key: string, text: string): void {
    const { time, random } = this.#wire;
    const lost = random() < LOST;
    time.at(random() * DELAY_MS, () => {
      if (!lost && !this.#closed && this.#listens && this.#reaches()) this.#heard?.change(seq, key, text);
    });
  }

  async #call<T>(run: () => T, limitMs: number): Promise<T> {
    const { time, random } = this.#wire;
    if (!this.#connected || this.#closed) throw new Error('not connected');
    const startedMs = time.nowMs;
    await time.delay(random() * DELAY_MS);
    if (this.#reaches() && this.#server.life === this.#life) {
      const answer = attempted(run);
      await time.delay(random() * DELAY_MS);
      if (this.#reaches()) return answer();
    }
    await time.delay(startedMs + Math.min(limitMs, SILENCE_MS) - time.nowMs);
    this.#connected = false;
    this.#server.subscribers.delete(this);
    this.#heard?.moved();
    throw new Error('no answer');
  }

  #reconnect(): void {
    if (this.#closed) return;
    this.#wire.time.at(RECONNECT_MS * (0.5 + this.#wire.random()), () => {
      if (!this.#connected && this.#reaches()) {
        this.#connected = true;
        this.#life = this.#server.life;
        if (this.#listens) this.#server.subscribers.add(this);
        this.#heard?.moved();
      }
      this.#reconnect();
    });
  }

  #reaches(): boolean {
    return this.#server.alive && this.#wire.isOpen();
  }
}

/** What was answered, or refused: it comes back on the way either way. */
function attempted<T>(run: () => T): () => T {
  try {
    const answer = run();
    return () => answer;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}
