import type { Accepted, Acceptor, Life } from '../../src/fleet/strong/acceptor.ts';
import { FIRST_GENERATION, generationOf } from '../../src/fleet/strong/ballot.ts';

type Answer<K extends keyof Acceptor> = Awaited<ReturnType<Extract<Acceptor[K], (...args: never) => Promise<unknown>>>>;

/** A server as the scripts of src/fleet/strong/redis-acceptor-scripts.ts make it behave. */
export class SimulatedVoter {
  readonly name: string;
  #run = 1;
  #epochs = 0;
  #epoch = '';
  #member = '';
  #generation = FIRST_GENERATION;
  #floor = '';
  #moved = 0;
  readonly #accepted = new Map<string, Accepted>();
  readonly #promised = new Map<string, string>();
  readonly #moves = new Map<string, number>();
  readonly #lives = new Map<string, Life>();

  constructor(name: string) {
    this.name = name;
  }

  get run(): number {
    return this.#run;
  }

  get isMember(): boolean {
    return this.#epoch !== '' && this.#member === this.#life;
  }

  keys(): readonly string[] {
    return [...new Set([...this.#accepted.keys(), ...this.#promised.keys()])];
  }

  restart(keepsData: boolean): void {
    this.#run += 1;
    if (keepsData) return;
    [this.#epoch, this.#member, this.#generation, this.#floor, this.#moved] = ['', '', FIRST_GENERATION, '', 0];
    for (const map of [this.#accepted, this.#promised, this.#moves, this.#lives]) map.clear();
  }

  vote(key: string, ballot: string): Answer<'vote'> {
    const promised = this.#promised.get(key) ?? this.#floor;
    const before = { member: this.isMember, generation: this.#generation, life: this.#life };
    const granted = ballot !== '' && this.isMember && generationOf(ballot) >= this.#generation && ballot > promised;
    if (granted) {
      this.#promised.set(key, ballot);
      this.#generation = generationOf(ballot);
    }
    return { ...before, granted, promised, accepted: this.#accepted.get(key), lives: [...this.#lives.values()] };
  }

  accept({ key, ballot, life, text }: Parameters<Acceptor['accept']>[0]): boolean {
    if (!this.isMember || life !== this.#life || generationOf(ballot) < this.#generation) return false;
    if (this.#promised.get(key) !== ballot) return false;
    this.#take(key, { ballot, text });
    return true;
  }

  stand(): Answer<'stand'> {
    if (this.#epoch === '') this.#epoch = `data${(this.#epochs += 1)}`;
    const lives = [...this.#lives.values()];
    return { member: this.isMember, generation: this.#generation, life: this.#life, floor: this.#floor, lives };
  }

  fence({ generation, lives }: Parameters<Acceptor['fence']>[0]): boolean {
    if (generation <= this.#generation) return false;
    this.#generation = generation;
    this.#learn(lives);
    return true;
  }

  dump(after: number, most: number): Answer<'dump'> {
    const found = [...this.#moves].filter(([, place]) => place > after).toSorted(([, a], [, b]) => a - b);
    const page = found.slice(0, most);
    const entries = page.map(([key]) => ({ key, accepted: this.#accepted.get(key) as Accepted }));
    return { entries, after: page.at(-1)?.[1] ?? after, more: found.length >= most };
  }

  install({ life, generation, clear, entries }: Parameters<Acceptor['install']>[0]): boolean {
    if (!this.#isStill(life, generation)) return false;
    if (clear) for (const map of [this.#accepted, this.#promised, this.#moves]) map.clear();
    for (const { key, accepted } of entries) {
      if ((this.#accepted.get(key)?.ballot ?? '') < accepted.ballot) this.#take(key, accepted);
    }
    return true;
  }

  admit({ region, life, generation, floor, lives }: Parameters<Acceptor['admit']>[0]): boolean {
    if (!this.#isStill(life, generation)) return false;
    if (floor > this.#floor) this.#floor = floor;
    this.#learn([...lives, { region, generation, life }]);
    this.#member = life;
    return true;
  }

  erase({ key, promised, accepted }: Parameters<Acceptor['erase']>[0]): boolean {
    const there = { promised: this.#promised.get(key) ?? this.#floor, accepted: this.#accepted.get(key)?.ballot ?? '' };
    if (!this.isMember || there.promised !== promised || there.accepted !== accepted) return false;
    const to = promised > accepted ? promised : accepted;
    if (to > this.#floor) this.#floor = to;
    for (const map of [this.#accepted, this.#promised, this.#moves]) map.delete(key);
    return true;
  }

  get #life(): string {
    return `${this.#run}/${this.#epoch}`;
  }

  #isStill(life: string, generation: string): boolean {
    return !this.isMember && life === this.#life && generation === this.#generation;
  }

  #take(key: string, accepted: Accepted): void {
    this.#accepted.set(key, accepted);
    this.#moves.set(key, (this.#moved += 1));
  }

  #learn(lives: readonly Life[]): void {
    for (const one of lives) {
      if ((this.#lives.get(one.region)?.generation ?? '') < one.generation) this.#lives.set(one.region, one);
    }
  }
}

/** How a call gets to the server and its answer back; rejects when it does not, whether or not it got there. */
export type Carry = <T>(run: () => T, limitMs: number) => Promise<T>;

/** One edge's way to a simulated server. */
export function simulatedAcceptor(voter: SimulatedVoter, carry: Carry, isConnected: () => boolean): Acceptor {
  return {
    isConnected,
    vote: (key, ballot, limitMs) => carry(() => voter.vote(key, ballot), limitMs),
    accept: (proposal, limitMs) => carry(() => voter.accept(proposal), limitMs),
    stand: (limitMs) => carry(() => voter.stand(), limitMs),
    fence: (fence, limitMs) => carry(() => voter.fence(fence), limitMs),
    dump: (after, limitMs) => carry(() => voter.dump(after, PAGE), limitMs),
    install: (install, limitMs) => carry(() => voter.install(install), limitMs),
    admit: (admission, limitMs) => carry(() => voter.admit(admission), limitMs),
    erase: (erasure, limitMs) => carry(() => voter.erase(erasure), limitMs),
  };
}

/** Small, so that reading all takes several calls. */
const PAGE = 2;
