import { STRONG_REGIONS_MIN } from '../../config/topology-values.ts';
import type { LoopDeps } from '../../table/loop.ts';
import type { Entry } from './acceptor.ts';
import { BallotRound, mostOf, type Voters } from './ballot-round.ts';
import { StrongNews } from './news.ts';
import { type Outcome, Proposer } from './proposer.ts';
import { type Mended, mendRoster } from './roster.ts';
import { after, readState, type State } from './state.ts';

/** Reads and writes that one edge has going at once; one more is refused. */
export const GOING_MAX = 64;
/** How often, at most, the roster is looked after because somebody needs it. */
const MEND_MS = 200;
/** Where that was in vain, up to so many times as long. */
const MEND_SPREAD = 3;

export type StrongWrite = {
  /** Undefined deletes the key. */
  readonly value: unknown;
  readonly actor: string;
  /** Whether the key may be written as it is (undefined: it never was, or that is long past). */
  readonly condition: (now: State | undefined) => boolean;
  /** Told the name of the write before anything is sent. */
  readonly onId?: (id: string) => void;
};

export type StrongDeps = Pick<LoopDeps, 'clock' | 'sleep' | 'random' | 'signal' | 'emit'> & {
  readonly edge: string;
  readonly voters: Voters;
  readonly wallMs: () => number;
  /** A read or write is given up after this long. */
  readonly limitMs: number;
};

/** A state that most stores have accepted. */
export type Known = { readonly state: State; readonly ballot: string };

export type StrongWritten =
  | Exclude<Outcome, { kind: 'done' }>
  /** `revision` and `id` are of this write; others may have come after it. */
  | { readonly kind: 'done'; readonly revision: number; readonly id: string; readonly atMs: number };

/** What the rest of the house sees of it. */
export type StrongAccess = Pick<StrongValues, 'read' | 'write' | 'roster' | 'mend' | 'onWritten' | 'erase' | 'news'>;

/** Keys that most regions agree on: each reads and writes as if there were one copy and one thing done at a time. */
export class StrongValues {
  readonly #deps: StrongDeps;
  readonly #proposer: Proposer;
  /** The last of what waits for each key. */
  readonly #queues = new Map<string, Promise<unknown>>();
  readonly #listeners: ((key: string, known: Known) => void)[] = [];
  readonly #news: StrongNews;
  #going = 0;
  #mending: Promise<Mended> | undefined;
  #mendFromMs = Number.NEGATIVE_INFINITY;
  #mended: Mended | undefined;

  constructor(deps: StrongDeps) {
    this.#deps = deps;
    this.#proposer = new Proposer({ ...deps, mend: async () => void (await this.mend()) });
    this.#news = new StrongNews(deps.voters, deps.limitMs);
  }

  /** Who voted when that was last looked at; undefined before. */
  get roster(): Mended | undefined {
    return this.#mended;
  }

  /** Calls back with what most stores have accepted when this edge has written. */
  onWritten(listener: (key: string, known: Known) => void): void {
    this.#listeners.push(listener);
  }

  /** What the store of a region has accepted since this was asked last. Rejects when it cannot be asked. */
  news(region: string): Promise<readonly Entry[]> {
    return this.#news.look(region);
  }

  /**
   * Has all stores forget a key that was deleted, if every one of them has that deletion; a key is then as if it had never been
   * written. False when one of them has not, or is not there.
   */
  async erase(key: string): Promise<boolean> {
    const { voters, clock, limitMs } = this.#deps;
    const round = new BallotRound(voters, clock);
    const { votes } = await round.ask({ key, ballot: '', untilMs: clock.nowMs() + limitMs }, () => false);
    const [first] = votes.values();
    const accepted = first?.accepted;
    if (accepted === undefined || readState(accepted.text).value !== undefined) return false;
    if (votes.size < voters.size) return false;
    if ([...votes.values()].some((vote) => vote.accepted?.ballot !== accepted.ballot)) {
      // Once it is agreed on once more, all that are there have it.
      await this.#inTurn(key, (untilMs) => this.#proposer.change(key, '', (before) => before ?? 'stop', untilMs));
      return false;
    }
    const erased = await Promise.all(
      [...voters].map(([region, acceptor]) => {
        const { promised = '' } = votes.get(region) ?? {};
        return acceptor.erase({ key, promised, accepted: accepted.ballot }, limitMs).catch(() => false);
      }),
    );
    return erased.every((one) => one);
  }

  read(key: string): Promise<Outcome> {
    return this.#inTurn(key, (untilMs) => this.#proposer.read(key, untilMs));
  }

  write(key: string, { value, actor, condition, onId }: StrongWrite): Promise<StrongWritten> {
    return this.#inTurn(key, async (untilMs): Promise<StrongWritten> => {
      const { edge: by, wallMs } = this.#deps;
      const [id, atMs] = [this.#proposer.nextId(), wallMs()];
      onId?.(id);
      const next = (before: State | undefined) =>
        condition(before) ? after(before, { id, value, actor, by, atMs }) : 'stop';
      const outcome = await this.#proposer.change(key, id, next, untilMs);
      if (outcome.kind !== 'done') return outcome;
      for (const listener of this.#listeners) listener(key, { state: outcome.state, ballot: outcome.ballot });
      const { revision, recent } = outcome.state;
      return { kind: 'done', revision: revision - (recent.length - 1 - recent.indexOf(id)), id, atMs };
    });
  }

  /** Takes in stores that do not vote yet, if that can be done; not more often than it may help. */
  async mend(): Promise<Mended | undefined> {
    const { clock } = this.#deps;
    if (this.#mending === undefined) {
      if (clock.nowMs() < this.#mendFromMs) return this.#mended;
      this.#mending = this.#mend();
    }
    return this.#mending;
  }

  async #mend(): Promise<Mended> {
    const { voters, limitMs, clock, emit, edge, random } = this.#deps;
    try {
      const mended = await mendRoster({ voters, limitMs });
      this.#mended = mended;
      const { admitted, founded } = mended;
      if (admitted.length > 0) emit({ type: 'fleet-voters', admitted, founded, voters: voters.size, edge });
      return mended;
    } finally {
      // Edges that are at it at once overtake each other until one has waited for longer.
      const isOvertaken = this.#mended !== undefined && this.#mended.trouble !== '';
      this.#mendFromMs = clock.nowMs() + MEND_MS * (isOvertaken ? 0.5 + MEND_SPREAD * random() : 1);
      this.#mending = undefined;
    }
  }

  /** One after the other for each key: this edge must not get in its own way. */
  async #inTurn<T>(key: string, run: (untilMs: number) => Promise<T>): Promise<T | Refused> {
    const { voters, clock, limitMs } = this.#deps;
    const untilMs = clock.nowMs() + limitMs;
    if (voters.size < STRONG_REGIONS_MIN)
      return refused(`it needs ${STRONG_REGIONS_MIN} regions at least, and there are ${voters.size}`);
    if (this.#going >= GOING_MAX) return refused(`${GOING_MAX} others are going at this edge`);
    const connected = [...voters.values()].filter((one) => one.isConnected()).length;
    if (connected < mostOf(voters)) {
      return refused(`${connected} of ${voters.size} regions can be reached and ${mostOf(voters)} are needed`);
    }
    this.#going += 1;
    const turn = (this.#queues.get(key) ?? Promise.resolve()).then(() => run(untilMs));
    const settled = turn.then(
      () => undefined,
      () => undefined,
    );
    this.#queues.set(key, settled);
    try {
      return await turn;
    } finally {
      this.#going -= 1;
      if (this.#queues.get(key) === settled) this.#queues.delete(key);
    }
  }
}

type Refused = Extract<Outcome, { kind: 'unavailable' }>;

function refused(why: string): Refused {
  return { kind: 'unavailable', why, sure: true };
}
