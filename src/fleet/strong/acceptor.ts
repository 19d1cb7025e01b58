import type { Ballot } from './ballot.ts';

/**
 * One region's store as what votes on strong values. For each key it keeps the latest ballot that it has promised to and what it has
 * accepted last. It grants a ballot only when that is later than all it has promised, and accepts only what it granted, so whoever
 * has been granted a ballot by most stores knows everything that most stores have accepted before.
 *
 * That holds only as long as a store remembers what it promised. So a store votes only while it is a *member*: in this life (the run
 * of its server and the epoch of its data) it was admitted, with all that was known then. What makes members is in roster.ts.
 *
 * Every call rejects, with words for people, when the store cannot be asked or does not answer within its limit.
 */
export type Acceptor = {
  /** Whether a call is worth a try now. */
  readonly isConnected: () => boolean;
  /** Asks for a ballot; without one (an empty text) only for what there is. */
  readonly vote: (key: string, ballot: Ballot, limitMs: number) => Promise<Vote>;
  /** Accepts what was granted, unless something later has been granted since or the store began another life. */
  readonly accept: (proposal: Proposal, limitMs: number) => Promise<boolean>;
  /** How it stands; an empty store is given a name for its data. */
  readonly stand: (limitMs: number) => Promise<Standing>;
  /**
   * From now on nothing of an earlier generation is granted or accepted, and the store knows these lives. False when it has this
   * generation already, or a later one.
   */
  readonly fence: (fence: Fence, limitMs: number) => Promise<boolean>;
  /** What it has accepted, in the order in which that changed, some at a time. */
  readonly dump: (after: number, limitMs: number) => Promise<Dump>;
  /** Gives a store that is no member what others have accepted; the latest of each key stays. False when it may not be given that. */
  readonly install: (install: Install, limitMs: number) => Promise<boolean>;
  /** Makes it a member. False when it began another life, or somebody else has begun to make it one. */
  readonly admit: (admission: Admission, limitMs: number) => Promise<boolean>;
  /** Forgets a key about which nothing has changed. Nothing that is not later than all it forgot is granted for a key that it does not know. */
  readonly erase: (erasure: Erasure, limitMs: number) => Promise<boolean>;
};

/** Something that was accepted. */
export type Accepted = { readonly ballot: Ballot; readonly text: string };

/** Which life of a region's store is the member, and since which generation. */
export type Life = { readonly region: string; readonly generation: string; readonly life: string };

export type Standing = {
  readonly member: boolean;
  readonly generation: string;
  readonly life: string;
  /** Nothing up to this is granted for a key that the store does not know. */
  readonly floor: Ballot;
  readonly lives: readonly Life[];
};

export type Vote = Omit<Standing, 'floor'> & {
  readonly granted: boolean;
  /** The latest that was promised before; empty for none. */
  readonly promised: Ballot;
  readonly accepted: Accepted | undefined;
};

/** `life`: the one that granted the ballot. */
export type Proposal = { readonly key: string; readonly ballot: Ballot; readonly life: string; readonly text: string };

export type Fence = { readonly generation: string; readonly lives: readonly Life[] };

export type Entry = { readonly key: string; readonly accepted: Accepted };

export type Dump = { readonly entries: readonly Entry[]; readonly after: number; readonly more: boolean };

export type Install = {
  readonly life: string;
  readonly generation: string;
  /** Whether what it has is forgotten first. */
  readonly clear: boolean;
  readonly entries: readonly Entry[];
};

export type Admission = {
  readonly region: string;
  readonly life: string;
  readonly generation: string;
  readonly floor: Ballot;
  readonly lives: readonly Life[];
};

/** What the store is known to have: empty for nothing. */
export type Erasure = { readonly key: string; readonly promised: Ballot; readonly accepted: Ballot };
