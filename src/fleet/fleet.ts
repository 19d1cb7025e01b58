import type { ClientDemand } from './client-text.ts';
import type { StrongAccess } from './strong/strong-values.ts';

/**
 * What the rest of the house sees of the fleet. Everything here returns at once or within a bounded time, whatever the
 * stores do: nobody who calls it waits for another edge. Belongs to the control thread.
 */
export type Fleet = {
  /** Starts the loops and connects; never rejects because a store cannot be reached. */
  readonly start: () => Promise<void>;
  readonly close: () => Promise<void>;
  /** What this edge knows now, by key; what came from elsewhere included. Sorted by key. */
  readonly list: (prefix: string) => readonly SharedRecord[];
  /**
   * Writes a record. It is in force in this edge when the call begins to wait; `stored` says where else it is when it ends.
   * A record is never dropped: one that could not be stored is tried again until it is.
   */
  readonly put: (key: string, value: SharedValue) => Promise<Put>;
  /** Called with every record that is new or different, wherever it came from; never twice with the same version. */
  readonly onChange: (listener: (record: SharedRecord) => void) => void;
  /** What this edge sees of its endpoints now; the next report replaces it. Dropped when there is no way to tell it. */
  readonly report: (report: EdgeReport, clients?: ClientDemand) => void;
  /** What all other edges that were heard of lately see, added up. */
  readonly digest: () => FleetDigest;
  readonly status: () => FleetStatus;
  readonly values: ValueAccess;
  /**
   * Asks the fleet which edge notifies of each of these alerts, and makes known that this one sees them too. Undefined when no
   * store can be asked: then every edge tells by itself. `there` are the edges that were heard of lately: others count no more.
   */
  readonly claim: (claims: readonly AlertClaim[], there: readonly string[]) => Promise<readonly Claimed[] | undefined>;
};

/** What records that users write need beside the rest. */
export type ValueAccess = {
  /** The writes of a key that stand side by side, since those who made them had not heard of each other; one as a rule. */
  readonly writes: (key: string) => readonly SharedRecord[];
  /**
   * Writes what `make` makes of the record in the store of this region, in one step with looking at it; nothing when that is
   * undefined. Throws for what is too large or too much.
   */
  readonly putIf: (key: string, make: (now: SharedRecord | undefined) => SharedValue | undefined) => Promise<PutIf>;
  /** Forgets a record that is not needed any more, if all stores have the same of it and this edge is to do such things. */
  readonly forget: (key: string) => Promise<void>;
  /** Called with the key of a record that was forgotten. */
  readonly onForget: (listener: (key: string) => void) => void;
  /** What most regions agree on; undefined where there are no regions. */
  readonly strong: StrongAccess | undefined;
};

export type PutIf =
  | { readonly kind: 'put'; readonly put: Put }
  /** `make` wanted nothing of this. */
  | { readonly kind: 'conflict'; readonly record: SharedRecord | undefined }
  /** Nothing was written, in words why. */
  | { readonly kind: 'refused'; readonly why: string }
  /** It is not known whether it was written. */
  | { readonly kind: 'unknown'; readonly why: string };

/** One edge's word about one alert. */
export type AlertClaim = {
  /** Names the cause, not the edge that sees it. */
  readonly key: string;
  /**
   * `hold`: this edge sees it, and would notify of it. `stand-by`: it sees it, and cannot notify anybody now; it does if nobody
   * else does. `leave`: it sees it no more.
   */
  readonly want: 'hold' | 'stand-by' | 'leave';
  /** This edge has notified of it, and that was delivered. */
  readonly notified: boolean;
  /** How long an edge that sees it counts without saying so again. */
  readonly freshMs: number;
};

/** `holder` is the edge that notifies of it; empty when no edge sees it any more. `notified`: some edge has delivered that. */
export type Claimed = { readonly holder: string; readonly notified: boolean };

/** A JSON object. */
export type SharedValue = Readonly<Record<string, unknown>>;

/**
 * Up to which number the writes of each edge have been seen, by edge id. Numbers rise and leave gaps; absent means 0. The
 * empty id stands for every edge (see vector-clock.ts).
 */
export type VectorClock = Readonly<Record<string, number>>;

export type SharedRecord = {
  readonly key: string;
  readonly value: SharedValue;
  readonly clock: VectorClock;
  /** By the wall clock of the edge that wrote it last. */
  readonly writtenAtMs: number;
  /** That edge. */
  readonly by: string;
};

/** What becomes of two values of one key that neither edge had seen of the other; must be commutative, associative and idempotent. */
export type Merge = (a: SharedRecord, b: SharedRecord) => SharedValue;

/** `primary`: the store of this edge's region has it. `here`: only this edge has it yet, and goes on trying. */
export type Put = { readonly stored: 'primary' | 'here'; readonly record: SharedRecord };

export type Seen = 'up' | 'down' | 'unknown';
/** By endpoint id; `inFlight` is a mean over some ten seconds. */
export type EdgeReport = ReadonlyMap<string, { readonly inFlight: number; readonly seen: Seen }>;

/** `edges` have said something within `forgetMs`; this one is not counted, in anything. */
export type FleetDigest = {
  readonly edges: number;
  /** By endpoint id. `up`, `down` and `unknown` are edges. */
  readonly endpoints: ReadonlyMap<
    string,
    { readonly inFlight: number; readonly up: number; readonly down: number; readonly unknown: number }
  >;
  /** By endpoint id, the `inFlight` that this edge itself has told, as it is counted beside that of the others; left out when it is in nothing that was heard. */
  readonly counted?: ReadonlyMap<string, number>;
  /** By name, the clients of whose limits edges told; left out when there are none. */
  readonly clients?: ReadonlyMap<number, HeardClient>;
};

/** What edges asked a client's limit for, in thousandths of it: this edge, as it is counted beside the others (left out when it is not), all others, and how many those are. */
export type HeardClient = { readonly own?: number; readonly others: number; readonly edges: number };

export type FleetStatus = {
  readonly edge: string;
  readonly region: string;
  /** All that were heard of within `forgetMs`, this one included. */
  readonly edges: readonly { readonly id: string; readonly region: string; readonly heardMsAgo: number }[];
  /** Edges that said lately that they end. */
  readonly left: readonly string[];
  readonly regions: readonly {
    readonly region: string;
    readonly role: 'primary' | 'replica';
    readonly connected: boolean;
    /** Whether it can be reached, read and written. One that only answers is not home: everything goes on elsewhere. */
    readonly writable: boolean;
    /** In words, what is wrong; empty when nothing is. */
    readonly trouble: string;
    /** Writes that wait to be stored there. */
    readonly waiting: number;
  }[];
  /** Seconds; Infinity for a target that was never in step with its source. */
  readonly lags: readonly { readonly source: string; readonly target: string; readonly seconds: number }[];
  readonly records: number;
  readonly conflictsResolved: number;
  /** Records that could not be read: left as they are, counted, and the last ones named. */
  readonly unreadable: { readonly count: number; readonly last: readonly string[] };
  /** Reports that were dropped because there was no way to tell them. */
  readonly reportsDropped: number;
};
