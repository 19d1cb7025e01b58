import { type ClientDemand, demandText } from './client-text.ts';
import type { EdgeReport } from './fleet.ts';
import type { Tell } from './region-store.ts';
import { ENDPOINTS_MAX, namesHash, namesText, packReport, reportText } from './report-text.ts';

/** Reports that are kept to be taken out again of the digests that count them. */
const KEPT_MAX = 8;

/** What was told under one number. */
export type ToldReport = { readonly report: EdgeReport; readonly clients: ClientDemand };

const NO_CLIENTS: ClientDemand = new Map();

/** What this edge sees, made ready to be published, and remembered for a while. */
export class Reporter {
  readonly #edge: string;
  readonly #region: string;
  #latest: ToldReport | undefined;
  #names = { text: namesText([]), hash: namesHash(namesText([])), ids: [] as readonly string[] };
  #number: number;
  #leaving = false;
  readonly #reports = new Map<number, ToldReport>();

  /** `startMs` by the wall clock: an edge that restarts gives other numbers to its reports. */
  constructor(edge: string, region: string, startMs: number) {
    this.#edge = edge;
    this.#region = region;
    this.#number = Math.floor(startMs);
  }

  get hasReport(): boolean {
    return this.#latest !== undefined;
  }

  report(report: EdgeReport, clients = NO_CLIENTS): void {
    this.#latest = { report, clients };
  }

  /** From now on it says that this edge ends. */
  leave(): void {
    this.#latest = undefined;
    this.#leaving = true;
  }

  /** The latest report, to be published; without one, that this edge is there. */
  next(): { readonly number: number; readonly tell: Omit<Tell, 'known'>; readonly namesText: string } {
    const told = this.#latest ?? { report: new Map<string, never>(), clients: NO_CLIENTS };
    const { report, clients } = told;
    const ids = [...report.keys()].slice(0, ENDPOINTS_MAX).sort();
    if (!isEqual(ids, this.#names.ids)) {
      const text = namesText(ids);
      this.#names = { text, hash: namesHash(text), ids };
    }
    this.#number += 1;
    this.#remember(this.#number, told);
    const { hash, text } = this.#names;
    const sent = {
      number: this.#number,
      region: this.#region,
      names: hash,
      ...packReport(report, ids),
      leaving: this.#leaving,
      clients: demandText(clients),
    };
    const tell = { edge: this.#edge, text: reportText(sent), names: { hash, text: undefined } };
    return { number: this.#number, tell, namesText: text };
  }

  /** What the report of that number said; undefined when that was long ago. */
  reportOf(number: number): ToldReport | undefined {
    return this.#reports.get(number);
  }

  #remember(number: number, report: ToldReport): void {
    this.#reports.set(number, report);
    const [oldest] = this.#reports.keys();
    if (this.#reports.size > KEPT_MAX && oldest !== undefined) this.#reports.delete(oldest);
  }
}

function isEqual(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id, at) => id === b[at]);
}
