import { compareText } from '../config/compare-text.ts';
import type { Clock } from '../table/clock.ts';
import { type ClientTotals, readDemand, totalsText } from './client-text.ts';
import { type Digest, digestText, type Member, membersText } from './digest-text.ts';
import type { Name, Publish, RegionStore } from './region-store.ts';
import {
  namesHash,
  namesText,
  readNames,
  readReport,
  type SentReport,
  unpackNumbers,
  unpackSeen,
} from './report-text.ts';

/** Reports after which a silent edge is called late. */
export const LATE_REPORTS = 2.5;

export type GathererDeps = {
  readonly region: string;
  readonly clock: Clock;
  readonly reportMs: number;
  readonly forgetMs: number;
};

type HeardReport = { readonly sent: SentReport; readonly sinceMs: number };

export type Gathered = { readonly publish: Omit<Publish, 'names'>; readonly names: readonly Name[] };

/**
 * The keeper's part in what the edges see: it reads the reports of all edges that tell its store, adds them up, and makes
 * one digest for everybody. So an edge reads one digest a region, not one report an edge, and what all of it costs grows
 * with the number of edges, not with its square. How long ago an edge was heard is by the keeper's own clock.
 */
export class Gatherer {
  readonly #deps: GathererDeps;
  readonly #heard = new Map<string, HeardReport>();
  readonly #names = new Map<string, readonly string[]>();
  #silent: readonly string[] = [];
  #number = 0;

  constructor(deps: GathererDeps) {
    this.#deps = deps;
  }

  /** Reads what the edges of the store have reported. Rejects when it cannot be read. */
  async gather(store: RegionStore): Promise<void> {
    const texts = await store.gather();
    const nowMs = this.#deps.clock.nowMs();
    for (const [edge, text] of texts) {
      const sent = readReport(text);
      if (sent === undefined || this.#heard.get(edge)?.sent.number === sent.number) continue;
      this.#heard.set(edge, { sent, sinceMs: nowMs });
    }
    const silent = [...this.#heard].filter(([, { sinceMs }]) => nowMs - sinceMs > this.#deps.forgetMs);
    this.#silent = silent.map(([edge]) => edge);
    for (const edge of this.#silent) this.#heard.delete(edge);
    await this.#learnNames(store);
  }

  /**
   * The digest of what has been gathered. An edge that is late here and is heard `elsewhere` reports to another store now, and
   * is not counted twice.
   */
  sum(elsewhere: (edge: string) => boolean, lags: Readonly<Record<string, number>>): Gathered {
    const { clock, reportMs, region } = this.#deps;
    const nowMs = clock.nowMs();
    const late: Record<string, number> = {};
    for (const [edge, { sinceMs }] of this.#heard) {
      if (nowMs - sinceMs > LATE_REPORTS * reportMs) late[edge] = Math.round(nowMs - sinceMs);
    }
    const counted = [...this.#heard].filter(([edge]) => !(edge in late && elsewhere(edge)));
    const members: readonly Member[] = counted
      .map(([edge, { sent }]): Member => (sent.leaving ? [edge, sent.region, 1] : [edge, sent.region]))
      .toSorted(([a], [b]) => compareText(a, b));
    const staying = counted.flatMap(([, { sent }]) => (sent.leaving ? [] : [sent]));
    const sums = this.#sums(staying);
    const [memberText, nameText] = [membersText(members), namesText(sums.ids)];
    const digest: Digest = {
      number: `${Math.floor(nowMs)}.${(this.#number += 1)}`,
      edges: members.length,
      members: namesHash(memberText),
      names: namesHash(nameText),
      ...sums,
      late: Object.fromEntries(Object.entries(late).filter(([edge]) => !elsewhere(edge))),
      lags,
    };
    const numbers = counted.map(([edge, { sent }]) => [edge, `${digest.number}:${sent.number}`] as const);
    return {
      publish: {
        region,
        number: digest.number,
        text: digestText(digest),
        clients: totalsText(totalsOf(staying)),
        forget: this.#silent,
        counted: Object.fromEntries(numbers),
      },
      names: [
        { hash: digest.members, text: memberText },
        { hash: digest.names, text: nameText },
      ],
    };
  }

  #sums(
    reports: readonly SentReport[],
  ): Pick<Digest, 'inFlight' | 'up' | 'down' | 'unknown'> & { ids: readonly string[] } {
    const rows = new Map<string, { inFlight: number; up: number; down: number; unknown: number }>();
    for (const report of reports) {
      const ids = this.#names.get(report.names) ?? [];
      const [inFlight, seen] = [unpackNumbers(report.inFlight, ids.length), unpackSeen(report.seen, ids.length)];
      for (const [at, id] of ids.entries()) {
        const row = rows.get(id) ?? { inFlight: 0, up: 0, down: 0, unknown: 0 };
        row.inFlight += inFlight[at] ?? 0;
        row[seen[at] ?? 'unknown'] += 1;
        rows.set(id, row);
      }
    }
    const ids = [...rows.keys()].toSorted();
    const of = (key: 'inFlight' | 'up' | 'down' | 'unknown') => ids.map((id) => rows.get(id)?.[key] ?? 0);
    return { ids, inFlight: of('inFlight'), up: of('up'), down: of('down'), unknown: of('unknown') };
  }

  async #learnNames(store: RegionStore): Promise<void> {
    const wanted = new Set([...this.#heard.values()].map(({ sent }) => sent.names));
    for (const hash of this.#names.keys()) if (!wanted.has(hash)) this.#names.delete(hash);
    const unknown = [...wanted].filter((hash) => !this.#names.has(hash));
    if (unknown.length === 0) return;
    const texts = await store.names(unknown);
    for (const [at, hash] of unknown.entries()) {
      const ids = readNames(texts[at] ?? '');
      if (ids !== undefined) this.#names.set(hash, ids);
    }
  }
}

function totalsOf(reports: readonly SentReport[]): ClientTotals {
  const totals = new Map<number, { demand: number; edges: number }>();
  for (const { clients } of reports) {
    for (const [name, demand] of readDemand(clients)) {
      const total = totals.get(name) ?? { demand: 0, edges: 0 };
      totals.set(name, { demand: total.demand + demand, edges: total.edges + 1 });
    }
  }
  return totals;
}
