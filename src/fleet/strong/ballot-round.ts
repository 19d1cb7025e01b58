import type { Clock } from '../../table/clock.ts';
import type { Acceptor, Vote } from './acceptor.ts';
import { type Ballot, latest } from './ballot.ts';

/** All regions by name; how many of them are most. */
export type Voters = ReadonlyMap<string, Acceptor>;

/** How many stores are more than half of all. */
export function mostOf(voters: Voters): number {
  return Math.floor(voters.size / 2) + 1;
}

/** What the stores said of a key. */
export type Heard = {
  /** By region, of members only, and only where nobody knows of a later life of the region. */
  readonly votes: ReadonlyMap<string, Vote>;
  /** Regions that answered and are no members. */
  readonly strangers: readonly string[];
  /** Regions that did not answer, with why. */
  readonly silent: readonly (readonly [region: string, why: string])[];
  /** The latest that any of them promised to anybody, and the latest generation. */
  readonly promised: Ballot;
  readonly generation: string;
};

/**
 * One try at a key with one ballot: it is asked of all stores at once, and whoever grants it is told what has been decided, the
 * late ones too. What counts is what most stores said until then.
 */
export class BallotRound {
  readonly #voters: Voters;
  readonly #clock: Clock;
  readonly #votes = new Map<string, Vote>();
  readonly #silent = new Map<string, string>();
  readonly #accepted = new Set<string>();
  /** Regions that will not accept, for all that is known. */
  readonly #refused = new Set<string>();
  readonly #decided = Promise.withResolvers<string | undefined>();
  readonly #waiting = new Set<() => void>();

  constructor(voters: Voters, clock: Clock) {
    this.#voters = voters;
    this.#clock = clock;
  }

  /** Asks for the ballot (an empty one: only what there is). Resolves once `isEnough`, or nothing more can come: every call has its limit. */
  async ask(
    asked: { key: string; ballot: Ballot; untilMs: number },
    isEnough: (heard: Heard) => boolean,
  ): Promise<Heard> {
    for (const [region, acceptor] of this.#voters) void this.#with(region, acceptor, asked);
    const all = () => this.#votes.size + this.#silent.size === this.#voters.size;
    await this.#until(() => all() || isEnough(this.heard()));
    return this.heard();
  }

  /** Has the text accepted by whoever granted the ballot; resolves with whether most have. */
  async decide(text: string): Promise<boolean> {
    this.#decided.resolve(text);
    const most = mostOf(this.#voters);
    // A server that was replaced in its region may still accept, and counts no more.
    const isDone = () => [...this.heard().votes.keys()].filter((region) => this.#accepted.has(region)).length >= most;
    const isLost = () => this.#voters.size - this.#refused.size < most;
    const isOver = () => this.#accepted.size + this.#refused.size === this.#voters.size;
    await this.#until(() => isDone() || isLost() || isOver());
    return isDone();
  }

  /** Nothing is to be accepted. */
  abandon(): void {
    this.#decided.resolve(undefined);
  }

  heard(): Heard {
    const newest = new Map<string, { generation: string; life: string }>();
    for (const { lives } of this.#votes.values()) {
      for (const { region, generation, life } of lives) {
        if (generation > (newest.get(region)?.generation ?? '')) newest.set(region, { generation, life });
      }
    }
    const members = [...this.#votes].filter(([region, { member, life }]) => {
      const known = newest.get(region)?.life;
      return member && (known === undefined || known === life);
    });
    const votes = new Map(members);
    return {
      votes,
      strangers: [...this.#votes.keys()].filter((region) => !votes.has(region)),
      silent: [...this.#silent],
      promised: latest([...this.#votes.values()].map(({ promised }) => promised)),
      generation: latest([...this.#votes.values()].map(({ generation }) => generation)),
    };
  }

  async #with(
    region: string,
    acceptor: Acceptor,
    { key, ballot, untilMs }: { key: string; ballot: Ballot; untilMs: number },
  ): Promise<void> {
    let sent = false;
    try {
      const vote = await acceptor.vote(key, ballot, this.#leftMs(untilMs));
      this.#votes.set(region, vote);
      if (!vote.granted) this.#refused.add(region);
      this.#changed();
      if (!vote.granted) return;
      const text = await this.#decided.promise;
      if (text === undefined) return;
      sent = true;
      const accepted = await acceptor.accept({ key, ballot, life: vote.life, text }, this.#leftMs(untilMs));
      (accepted ? this.#accepted : this.#refused).add(region);
    } catch (error) {
      this.#refused.add(region);
      if (!sent) this.#silent.set(region, (error as Error).message);
    }
    this.#changed();
  }

  #leftMs(untilMs: number): number {
    return Math.max(1, untilMs - this.#clock.nowMs());
  }

  #changed(): void {
    for (const look of this.#waiting) look();
  }

  async #until(is: () => boolean): Promise<void> {
    if (is()) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = () => {
      if (is()) resolve();
    };
    this.#waiting.add(look);
    await promise;
    this.#waiting.delete(look);
  }
}
