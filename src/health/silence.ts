import type { LiveColumns } from '../table/endpoint-table.ts';
import { OUTCOMES, type WorkerBlock } from '../table/worker-block.ts';

/** How often is listened while something is in flight … */
export const SILENCE_PERIOD_MS = 100;
/** … and while nothing is, so that an idle edge hardly wakes. */
export const SILENCE_IDLE_PERIOD_MS = 250;
/** So many requests have to go unanswered: one or two are slow ones. */
export const UNANSWERED_MIN = 3;
/** They are given the way, and so many times what an endpoint needs beside it, which must not be less than this. */
export const OWN_TIMES = 4;
export const OWN_MIN_MS = 25;
/** So many silent endpoints of a cloud are the cloud's trouble, as in its breaker. */
const SILENT_CLOUD_MIN = 2;

/** What has become of the requests at an endpoint since the edge began. */
type Heard = {
  /** Sent there. */
  readonly sent: number;
  /** Answered, well or badly. */
  readonly answered: number;
  /** Not settled yet. */
  readonly inFlight: number;
};

/**
 * Whether an endpoint has fallen silent: several requests went there since it last answered anything, and they have waited for longer than any would.
 * Each request waits for at least a second before its patience ends, and an endpoint that is gone would get all of its requests until the first of
 * them have waited so long. What nobody has an answer to is news much earlier than what one request has none to. It is a reason to
 * send the next ones elsewhere, and none to blame anybody: a pause of half a second is no failure. The first answer ends it, to a request or to a check.
 */
export class Silence {
  #answered = -1;
  /** Sent when it last answered. */
  #sentThen = 0;
  /** Since when enough are known to wait; NaN while they do not. */
  #askedMs = Number.NaN;
  #silent = false;

  get isSilent(): boolean {
    return this.#silent;
  }

  /** Looks again. `longMs` is longer than an answer takes. */
  look({ sent, answered, inFlight }: Heard, longMs: number, nowMs: number): boolean {
    if (answered !== this.#answered || (inFlight === 0 && !this.#silent)) {
      this.#answered = answered;
      this.#begin(sent);
    } else if (!this.#silent && sent - this.#sentThen >= UNANSWERED_MIN) {
      if (Number.isNaN(this.#askedMs)) this.#askedMs = nowMs;
      this.#silent = nowMs - this.#askedMs >= longMs;
    }
    return this.#silent;
  }

  /** It has answered a check: whoever is sent there next finds out more. */
  checked(): void {
    this.#silent = false;
    this.#askedMs = Number.NaN;
    this.#sentThen = Number.POSITIVE_INFINITY;
  }

  /** It has had nothing to answer, and what stands beside it is silent. */
  suspect(): void {
    this.#silent = true;
  }

  #begin(sent: number): void {
    this.#sentThen = sent;
    this.#askedMs = Number.NaN;
    this.#silent = false;
  }
}

/** Longer than an answer takes that is `latencyMs` under way, of which `rttMs` is the way, as far as that is known; NaN where nothing is. */
export function longMsOf(latencyMs: number, rttMs: number): number {
  const wayMs = Number.isNaN(rttMs) ? 0 : Math.min(rttMs, latencyMs);
  return wayMs + OWN_TIMES * Math.max(OWN_MIN_MS, latencyMs - wayMs);
}

/** The silences of all endpoints, and the `silent` column of the table. */
export class Silences {
  readonly #live: LiveColumns;
  readonly #blocks: readonly WorkerBlock[];
  readonly #rows = new Map<number, Silence>();
  #busy = false;

  constructor(live: LiveColumns, blocks: readonly WorkerBlock[]) {
    this.#live = live;
    this.#blocks = blocks;
  }

  /** How long from one look to the next, in ms. */
  get periodMs(): number {
    return this.#busy ? SILENCE_PERIOD_MS : SILENCE_IDLE_PERIOD_MS;
  }

  /** Looks at the endpoints in these rows. Returns those that have just fallen silent, or are taken to have. */
  look(rows: readonly number[], clouds: readonly number[], nowMs: number): readonly number[] {
    const fallen = this.#lookAtEach(rows, nowMs);
    return fallen.length === 0 ? fallen : [...fallen, ...this.#suspect(rows, clouds)];
  }

  /**
   * When two endpoints of a cloud are silent, those of it that nobody has asked of late are taken to be silent as well, until a check says
   * otherwise: else each would be found out in its turn, by the rush that leaves the others. `clouds` says of each row which are of one service and cloud.
   */
  #suspect(rows: readonly number[], clouds: readonly number[]): readonly number[] {
    const { silent, inFlight } = this.#live;
    const silentOf = new Map<number, number>();
    for (const [at, row] of rows.entries()) {
      const cloud = clouds[at] as number;
      if (silent[row] === 1) silentOf.set(cloud, (silentOf.get(cloud) ?? 0) + 1);
    }
    return rows.filter((row, at) => {
      if (silent[row] === 1 || (inFlight[row] as number) > 0) return false;
      if ((silentOf.get(clouds[at] as number) ?? 0) < SILENT_CLOUD_MIN) return false;
      silent[row] = 1;
      this.#row(row).suspect();
      return true;
    });
  }

  #lookAtEach(rows: readonly number[], nowMs: number): readonly number[] {
    const { silent, inFlight, latencyMs, rttMs } = this.#live;
    const fallen: number[] = [];
    this.#busy = false;
    for (const row of rows) {
      const waiting = inFlight[row] as number;
      if (waiting > 0) this.#busy = true;
      // What is sent to an idle one until the next look is news then.
      else if (silent[row] === 0 && this.#rows.has(row)) continue;
      const it = this.#row(row);
      const longMs = longMsOf(latencyMs[row] as number, rttMs[row] as number);
      const isSilent = it.look(this.#heard(row, waiting), longMs, nowMs);
      if (isSilent && silent[row] === 0) fallen.push(row);
      silent[row] = isSilent ? 1 : 0;
    }
    return fallen;
  }

  /** A check of the endpoint in this row, which began after it had fallen silent, was answered. */
  checked(row: number): void {
    this.#rows.get(row)?.checked();
    this.#live.silent[row] = 0;
  }

  /** Forgets what is not in one of these rows: whoever is placed in it later has a silence of its own. */
  keep(rows: ReadonlySet<number>): void {
    for (const row of this.#rows.keys()) if (!rows.has(row)) this.#rows.delete(row);
  }

  #row(row: number): Silence {
    let it = this.#rows.get(row);
    if (it === undefined) {
      it = new Silence();
      this.#rows.set(row, it);
    }
    return it;
  }

  #heard(row: number, inFlight: number): Heard {
    let sent = inFlight;
    let answered = 0;
    const first = row * OUTCOMES.length;
    for (const { outcomes, firstByteCount } of this.#blocks) {
      answered += (firstByteCount[row] as number) + (outcomes[first + OVERLOADED] as number);
      for (let at = 0; at < OUTCOMES.length; at += 1) sent += outcomes[first + at] as number;
    }
    return { sent, answered, inFlight };
  }
}

const OVERLOADED = OUTCOMES.indexOf('overloaded');
