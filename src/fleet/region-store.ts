import type { AlertClaim, Claimed } from './fleet.ts';
import type { Acceptor } from './strong/acceptor.ts';

/**
 * The store of one region as the replication sees it: a server with a hash of records, a sequence that counts its changes,
 * and a channel that announces them. Every call ends within its limit: it resolves, or rejects with an error whose message says
 * for people what is wrong, never with a password in it.
 */
export type RegionStore = {
  /** Connects, and keeps doing so until closed. */
  readonly start: (heard: Heard) => void;
  readonly close: () => Promise<void>;
  /** Whether a call is worth a try now. */
  readonly isConnected: () => boolean;
  /** Why not, in words; empty when it is. */
  readonly trouble: () => string;
  /** Whether changes are announced as they happen; `heard.change` is called then. */
  readonly listen: (on: boolean) => void;
  readonly poll: (ask: Poll) => Promise<Polled>;
  /** Writes each key whose text there still is the one that `was`; all of them in one step. */
  readonly swap: (swaps: readonly Swap[], limitMs: number) => Promise<readonly Swapped[]>;
  /** Forgets a record if its text still has this hash, and announces that. A store without this keeps all. */
  readonly forget?: (key: string, was: string, limitMs: number) => Promise<boolean>;
  /** Tells what this edge sees, and hears what the regions see together. */
  readonly tell: (tell: Tell) => Promise<TellReply>;
  /** What the edges of this store have reported. For the keeper. */
  readonly gather: () => Promise<readonly (readonly [edge: string, text: string])[]>;
  /** Texts that `tell` brought along, by hash. */
  readonly names: (hashes: readonly string[]) => Promise<readonly (string | undefined)[]>;
  /** Puts down who sees which alerts, and answers for each who notifies of it. */
  readonly claim: (
    edge: string,
    claims: readonly AlertClaim[],
    there: readonly string[],
  ) => Promise<readonly Claimed[]>;
  /** Returns the hashes of those names that the store does not have. */
  readonly publish: (publish: Publish) => Promise<readonly string[]>;
  /** Its vote about strong values; a store without one has none. */
  readonly acceptor?: Acceptor;
};

export type Heard = {
  /** A change that the channel announced: its place in the sequence. */
  readonly change: (seq: number, key: string, text: string) => void;
  /** Connected, or no longer. */
  readonly moved: () => void;
};

export type Poll = {
  /** The life of the server that `after` is of; a server that lost its data has another. */
  readonly life: string;
  /** Place in the sequence behind which changes are wanted. */
  readonly after: number;
  readonly changesMax: number;
  /** Who would like to be the keeper of the region, for how long; it is whoever was first. */
  readonly lease: { readonly edge: string; readonly ms: number } | undefined;
};

export type Polled = {
  readonly life: string;
  readonly changes: readonly (readonly [key: string, text: string])[];
  /** To be asked with next. */
  readonly after: number;
  readonly more: boolean;
  readonly keeper: string;
  /** Why it takes no writes now, in words; empty when it does. It may have been made a replica, be full, or unable to save. */
  readonly refused: string;
};

/** `was`: the hash of the text that is to be replaced (`textHash`); empty for none. */
export type Swap = { readonly key: string; readonly was: string; readonly text: string };

/** What a store says of a key that it has forgotten. No record has this text. */
export const FORGOTTEN = 'forgotten';

/** `true`: done. Else what is there instead; undefined when nothing is. */
export type Swapped = true | { readonly text: string | undefined };

/** A long text that changes rarely, kept by its hash. */
export type Name = { readonly hash: string; readonly text: string | undefined };

export type Tell = {
  readonly edge: string;
  readonly text: string;
  /** The names that the text counts on, given when the store asked for them. */
  readonly names: Name;
  /** Numbers of the digests that are known, by region. */
  readonly known: Readonly<Record<string, string>>;
};

export type TellReply = {
  /** The store does not have the names. */
  readonly wantsNames: boolean;
  /** Digests that are not known, by region, each with the number of this edge's report that is in it (empty: none). */
  readonly digests: readonly (readonly [region: string, text: string])[];
  /** What the keeper of this store has last counted of this edge. */
  readonly counted: string;
};

export type Publish = {
  /** Whose digest. */
  readonly region: string;
  readonly number: string;
  readonly text: string;
  /** What the edges of that digest tell of clients (client-text.ts); empty: nothing. It is kept beside the digest, under `clientsOf(region)` of that file and the same number. */
  readonly clients: string;
  /** What the text counts on, by hash; with the text when the store asked for it. */
  readonly names: readonly Name[];
  /** Which report of each edge is in it; only where the edges of that digest look. */
  readonly counted: Readonly<Record<string, string>> | undefined;
  /** Edges that have been silent for too long. */
  readonly forget: readonly string[];
};
