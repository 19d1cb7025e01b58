import { invariant } from '../../table/invariant.ts';
import type { LoopDeps } from '../../table/loop.ts';
import type { Accepted, Vote } from './acceptor.ts';
import { type Ballot, ballotOf, COUNT_DIGITS, countOf, FIRST_GENERATION, latest, nonceOf } from './ballot.ts';
import { BallotRound, type Heard, mostOf, type Voters } from './ballot-round.ts';
import { reachesBack, readState, type State, stateText } from './state.ts';

/*
 * Reads and writes of strong values: one register for each key, agreed on by most stores (a Paxos for each key, as CASPaxos has it;
 * docs/decisions/0084). A write takes two rounds. First a ballot is asked for: most stores grant it, none of them accepts anything
 * earlier from then on, and the latest that any of them has accepted is the state. Then the state after the write is accepted by most
 * of them, or by fewer, when something later came between.
 *
 * A write that was sent and not accepted by most is in doubt: a store that accepted it may bring it back. It is then tried again under
 * a later ballot, which shows what became of it, as far as the state names the writes behind it. What is still in doubt when the time is
 * up is said to be unknown. It is never written twice.
 */

/** What a change makes of a state: the next one, or that it does not want to (`stop`). Asked again when something came between. */
export type Change = (before: State | undefined) => State | 'stop';

export type Outcome =
  /** `state` is what the key is; most stores have accepted it. */
  | { readonly kind: 'done'; readonly state: State; readonly ballot: Ballot }
  /** The change did not want to; `state` is what the key was. */
  | { readonly kind: 'stopped'; readonly state: State | undefined; readonly ballot: Ballot }
  /** `sure`: nothing was written and nothing will be. Else it may have been, or may yet be. */
  | { readonly kind: 'unavailable'; readonly why: string; readonly sure: boolean };

export type ProposerDeps = Pick<LoopDeps, 'clock' | 'sleep' | 'random' | 'signal'> & {
  readonly voters: Voters;
  readonly wallMs: () => number;
  /** Called when stores are no members that could be asked: they are to be taken in. Resolves when that was tried. */
  readonly mend: () => Promise<void>;
};

/** A change on its way. `sent` is set once anything was sent to be accepted: what the key was then. */
type Asked = {
  readonly key: string;
  readonly id: string;
  readonly change: Change;
  readonly untilMs: number;
  sent: { readonly base: State | undefined } | undefined;
};

/** It may be tried again. `isMendable`: stores are there that do not vote yet; `isShort`: too few do. */
type Again = { readonly kind: 'again'; readonly why: string; readonly isMendable: boolean; readonly isShort: boolean };

/** What comes between is waited out for a while that is drawn, up to this the first time and twice as long each time after. */
const YIELD_MS = 10;
const YIELD_MS_MAX = 320;
/** A wall clock that is millennia ahead must leave room to count on. */
const BY_TIME_MAX = 10 ** (COUNT_DIGITS - 1);

/** Has most stores agree on what a key is, ballot after ballot, until the time of a write is up. One per edge. */
export class Proposer {
  readonly #deps: ProposerDeps;
  readonly #nonce: string;
  #generation = FIRST_GENERATION;
  #count = 0;

  constructor(deps: ProposerDeps) {
    this.#deps = deps;
    this.#nonce = nonceOf(deps.random);
  }

  /** A name for a write that no other has. */
  nextId(): string {
    this.#raise();
    return `${this.#count.toString(36)}-${Number(this.#nonce).toString(36)}`;
  }

  /** What the key is now: by what most stores say alike, or else by having them agree. Undefined state: it was never written. */
  async read(key: string, untilMs: number): Promise<Outcome> {
    const { voters, clock } = this.#deps;
    const most = mostOf(voters);
    const round = new BallotRound(voters, clock);
    const heard = await round.ask({ key, ballot: '', untilMs }, ({ votes }) => votes.size >= most);
    const said = alike(heard.votes.values(), most);
    if (said === undefined) return this.change(key, '', (before) => before ?? 'stop', untilMs);
    if (said === 'nothing') return { kind: 'stopped', state: undefined, ballot: '' };
    return { kind: 'done', state: readState(said.text), ballot: said.ballot };
  }

  /** Changes a key. `id` is the name of the write that `change` makes. */
  async change(key: string, id: string, change: Change, untilMs: number): Promise<Outcome> {
    const { clock, mend } = this.#deps;
    const asked: Asked = { key, id, change, untilMs, sent: undefined };
    let why = 'there was no time';
    for (let tries = 0; clock.nowMs() < untilMs; tries += 1) {
      if (tries > 0) await this.#yield(tries, untilMs);
      const outcome = await this.#try(asked);
      if (outcome.kind !== 'again') return outcome;
      why = outcome.why;
      if (outcome.isMendable) await mend();
      // What is in doubt is worth waiting for; else who cannot be asked twice is not there.
      else if (outcome.isShort && asked.sent === undefined && tries > 0) break;
    }
    return { kind: 'unavailable', why, sure: asked.sent === undefined };
  }

  /** One try under one ballot. */
  async #try(asked: Asked): Promise<Outcome | Again> {
    const { clock, voters } = this.#deps;
    const { key, untilMs } = asked;
    const [ballot, most] = [this.#next(), mostOf(voters)];
    const round = new BallotRound(voters, clock);
    const heard = await round.ask({ key, ballot, untilMs }, (now) => isEnough(now, voters));
    this.#learn(heard);
    const granted = [...heard.votes.values()].filter((vote) => vote.granted);
    if (granted.length < most) {
      round.abandon();
      const isMendable = heard.strangers.length > 0;
      return { kind: 'again', why: shortage(heard, voters), isMendable, isShort: heard.votes.size < most };
    }
    const before = stateOf(granted);
    const next = nextOf(before, asked);
    // Where most have accepted the very same, it needs not be accepted once more to be what the key is.
    const said = asked.sent === undefined ? alike(granted, most) : undefined;
    if (next === 'unknown' || (next.stopped && said !== undefined)) {
      round.abandon();
      if (next === 'unknown') return { kind: 'unavailable', why: 'others have written since it was sent', sure: false };
      return { kind: 'stopped', state: before, ballot: said === 'nothing' || said === undefined ? '' : said.ballot };
    }
    const { state, stopped } = next;
    if (state !== undefined) {
      asked.sent ??= { base: before };
      if (await round.decide(stateText(state))) return { kind: stopped ? 'stopped' : 'done', state, ballot };
    } else invariant(false, 'strong values: there is nothing to accept');
    return { kind: 'again', why: 'most regions did not accept it in time', isMendable: false, isShort: false };
  }

  #next(): Ballot {
    this.#raise();
    return ballotOf(this.#generation, this.#count, this.#nonce);
  }

  /** Above all that was seen, and no lower than the time, so that a count says how old it is. */
  #raise(): void {
    this.#count = Math.max(this.#count + 1, Math.min(Math.floor(this.#deps.wallMs()), BY_TIME_MAX));
  }

  #learn({ generation, promised }: Heard): void {
    this.#generation = latest([this.#generation, generation]);
    this.#count = Math.max(this.#count, countOf(promised));
  }

  async #yield(tries: number, untilMs: number): Promise<void> {
    const { sleep, random, signal, clock } = this.#deps;
    const ms = Math.min(YIELD_MS * 2 ** (tries - 1), YIELD_MS_MAX) * random();
    await sleep(Math.min(ms, Math.max(0, untilMs - clock.nowMs())), signal);
  }
}

/** The text that most stores have accepted, all under one ballot; `nothing` when most have none; undefined when they differ. */
function alike(votes: Iterable<Vote>, most: number): Accepted | 'nothing' | undefined {
  const counts = new Map<Ballot, number>();
  for (const { accepted } of votes) {
    const ballot = accepted?.ballot ?? '';
    const count = (counts.get(ballot) ?? 0) + 1;
    if (count >= most) return accepted ?? 'nothing';
    counts.set(ballot, count);
  }
  return undefined;
}

/** Most have granted it, or so many have not that most never will. */
function isEnough({ votes, strangers, silent }: Heard, voters: Voters): boolean {
  const most = mostOf(voters);
  const granted = [...votes.values()].filter((vote) => vote.granted).length;
  const lost = votes.size - granted + strangers.length + silent.length;
  return granted >= most || voters.size - lost < most;
}

/** What the latest of those that granted has accepted. */
function stateOf(granted: readonly Vote[]): State | undefined {
  let last: Accepted | undefined;
  for (const { accepted } of granted) {
    if (accepted !== undefined && accepted.ballot > (last?.ballot ?? '')) last = accepted;
  }
  return last && readState(last.text);
}

type Next =
  | { readonly state: State; readonly stopped: boolean }
  | { readonly state: undefined; readonly stopped: true };

/**
 * What is to be accepted now. Once the write has been sent it may be among what is there: then that is accepted, and the write is
 * done. While it may be but cannot be seen, nobody knows. When it is not, it is made anew; or if it is not wanted any more, what is there is
 * accepted, so that no store brings it back after that has been said.
 */
function nextOf(before: State | undefined, { id, sent, change }: Asked): Next | 'unknown' {
  if (sent !== undefined && id !== '') {
    if (before?.recent.includes(id) === true) return { state: before, stopped: false };
    if (!reachesBack(before, sent.base)) return 'unknown';
  }
  const next = change(before);
  if (next !== 'stop') return { state: next, stopped: false };
  if (sent !== undefined && before === undefined) return 'unknown';
  return { state: before, stopped: true };
}

function shortage({ votes, strangers, silent }: Heard, voters: Voters): string {
  if (votes.size >= mostOf(voters)) return 'others keep writing it';
  const said = [
    ...silent.map(([region, why]) => `${region}: ${why}`),
    ...strangers.map((region) => `${region}: it was restarted or is new, and has not been taken in yet`),
  ];
  return `${votes.size} of ${voters.size} regions can vote and ${mostOf(voters)} are needed: ${said.join('; ')}`;
}
