/**
 * Frames that cost more to take than to send, each with what a connection may send of it at once, and what it gets back a second. What
 * well-behaved clients do is far below; whoever goes above ends its own connection (RFC 9113 §10.5).
 */
const KINDS = {
  /** Streams that are reset, by the peer or because of what it sent (CVE-2023-44487, CVE-2025-8671), and streams beyond the limit. */
  reset: { burst: 200, perSecond: 30 },
  /** SETTINGS has to be acknowledged each time (CVE-2019-9515). */
  settings: { burst: 64, perSecond: 4 },
  /** PING, too (CVE-2019-9512). Some measure round trips with it while they send requests, which give back one each. */
  ping: { burst: 200, perSecond: 20 },
  /** DATA without data (CVE-2019-9518). */
  empty: { burst: 100, perSecond: 10 },
  /** Windows that are opened crumb by crumb (CVE-2019-9511): what is sent in frames worth their head gives back two each. */
  window: { burst: 500, perSecond: 50 },
  /** PRIORITY (CVE-2019-9513), frames of types that nobody knows, and others that change nothing. */
  idle: { burst: 500, perSecond: 50 },
} as const;

export type FloodKind = keyof typeof KINDS;

const NAMES = Object.keys(KINDS) as FloodKind[];

/** What one connection may still send of each kind; it has no memory of its own until it sends the first of them. */
export class Floods {
  #left: number[] | undefined;
  #atMs = 0;

  /** Counts one; false when it is one too many. */
  spend(kind: FloodKind, nowMs: number): boolean {
    const left = this.#refilled(nowMs);
    const place = NAMES.indexOf(kind);
    const after = (left[place] as number) - 1;
    left[place] = after;
    return after >= 0;
  }

  /** Something useful has happened, for which `count` of a kind may be expected. */
  earn(kind: FloodKind, count: number): void {
    if (this.#left === undefined) return;
    const place = NAMES.indexOf(kind);
    this.#left[place] = Math.min(KINDS[kind].burst, (this.#left[place] as number) + count);
  }

  #refilled(nowMs: number): number[] {
    if (this.#left === undefined) {
      this.#left = NAMES.map((name) => KINDS[name].burst);
      this.#atMs = nowMs;
    }
    const seconds = Math.max(0, nowMs - this.#atMs) / 1000;
    if (seconds > 0) {
      this.#atMs = nowMs;
      for (const [place, name] of NAMES.entries()) {
        const { burst, perSecond } = KINDS[name];
        this.#left[place] = Math.min(burst, (this.#left[place] as number) + seconds * perSecond);
      }
    }
    return this.#left;
  }
}
