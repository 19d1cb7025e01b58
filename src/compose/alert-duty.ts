import type { AlertClaim, Claimed } from '../fleet/fleet.ts';
import { type AlertChange, isOfEdge } from '../observe/alert.ts';
import type { AlertSinks } from '../observe/alert-sinks.ts';

export type DutyDeps = {
  readonly edge: string;
  /** Undefined when the fleet cannot be asked. */
  readonly claim: (claims: readonly AlertClaim[], there: readonly string[]) => Promise<readonly Claimed[] | undefined>;
  /** Ids of all edges that are there, this one included. */
  readonly edges: () => readonly string[];
  readonly sinks: Pick<AlertSinks, 'notify' | 'status'>;
  /** How often the monitor looks. */
  readonly intervalMs: () => number;
  readonly nowMs: () => number;
};

/** Looks that an edge may miss before another edge takes its alerts over. */
const LOOKS_MISSED_MAX = 3;
/** With shorter looks: what a question to a store may take. */
const FRESH_MS_MIN = 5000;

/**
 * Decides which edge of a fleet notifies of an alert. All edges see the same cause, and each would page; so each asks the fleet first,
 * and one notifies, the *holder*: the first that saw the alert, until it sees it no more, cannot reach its sinks, or is gone. Then
 * another that still sees it takes over, and notifies only if nobody is known to have done so. An edge that cannot ask notifies by itself,
 * unless it has just heard that another does: better twice than never. An alert is notified as resolved once no edge sees it any more.
 */
export class AlertDuty {
  readonly #deps: DutyDeps;
  /** Alerts that this edge has notified of as firing, and as resolved. As many as there are alerts. */
  readonly #notified = new Set<string>();
  #resolved = new Set<string>();
  /** Which edge notifies of each alert, as was last heard. */
  #holders = new Map<string, { readonly edge: string; readonly atMs: number }>();
  #changes: readonly AlertChange[] = [];
  #all: readonly AlertChange[] | undefined;
  #running: Promise<void> | undefined;

  constructor(deps: DutyDeps) {
    this.#deps = deps;
  }

  /** Takes what is new and all that there is, and returns at once. What comes while the fleet is asked is taken up after it. */
  readonly notify = (changes: readonly AlertChange[], all: readonly AlertChange[]): void => {
    this.#changes = [...this.#changes, ...changes];
    this.#all = all;
    this.#running ??= this.#run();
  };

  /** Which edge notifies of an alert, as far as is known. */
  holderOf(key: string): string {
    return this.#holders.get(key)?.edge ?? this.#deps.edge;
  }

  async settled(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    for (let all = this.#all; all !== undefined; all = this.#all) {
      const changes = this.#changes;
      [this.#changes, this.#all] = [[], undefined];
      await this.#round(changes, all);
    }
    this.#running = undefined;
  }

  async #round(changes: readonly AlertChange[], all: readonly AlertChange[]): Promise<void> {
    const firing = all.filter(({ status }) => status === 'firing');
    const fires = new Set(firing.map(keyOf));
    const over = new Map(
      changes.filter((it) => it.status === 'resolved' && !fires.has(keyOf(it))).map((it) => [keyOf(it), it] as const),
    );
    const asked = [...firing, ...over.values()].filter(({ finding }) => !isOfEdge(finding));
    const answers = asked.length === 0 ? [] : await this.#ask(asked);
    const answerOf = new Map(asked.map((it, at) => [keyOf(it), answers?.[at]] as const));
    const mine = firing.filter((it) => this.#isMine(it, answerOf.get(keyOf(it))));
    const news = [
      ...mine.filter((it) => this.#isNews(keyOf(it), answerOf.get(keyOf(it)))),
      ...[...over.values()].filter((it) => this.#isOver(keyOf(it), answerOf.get(keyOf(it)))),
    ];
    this.#remember(firing, mine, answerOf);
    for (const key of over.keys()) this.#notified.delete(key);
    const there = all.filter(({ status }) => status === 'resolved');
    this.#resolved = new Set([
      ...there.map(keyOf).filter((key) => this.#resolved.has(key)),
      ...news.filter(({ status }) => status === 'resolved').map(keyOf),
    ]);
    this.#deps.sinks.notify(news, [...mine, ...there.filter((it) => this.#resolved.has(keyOf(it)))]);
  }

  async #ask(asked: readonly AlertChange[]): Promise<readonly Claimed[] | undefined> {
    const { claim, edges, sinks, intervalMs } = this.#deps;
    const states = sinks.status();
    const isAble = states.every(({ up }) => up);
    const isDelivered = isAble && states.every(({ waiting }) => waiting === 0);
    const freshMs = Math.max(FRESH_MS_MIN, LOOKS_MISSED_MAX * intervalMs());
    return claim(
      asked.map((it): AlertClaim => {
        const key = keyOf(it);
        const want = it.status === 'resolved' ? 'leave' : isAble ? 'hold' : 'stand-by';
        const notified = isDelivered && this.#notified.has(key);
        return { key, want, notified, freshMs };
      }),
      edges(),
    ).catch(() => undefined);
  }

  #isMine({ finding }: AlertChange, answer: Claimed | undefined): boolean {
    if (isOfEdge(finding)) return true;
    if (answer !== undefined) return answer.holder === this.#deps.edge;
    const known = this.#holders.get(finding.key);
    if (known === undefined || known.edge === this.#deps.edge) return true;
    return this.#deps.nowMs() - known.atMs > LOOKS_MISSED_MAX * this.#deps.intervalMs();
  }

  /** Whether this edge is to notify that the alert fires: neither this edge nor, as far as is known, another has. */
  #isNews(key: string, answer: Claimed | undefined): boolean {
    return !this.#notified.has(key) && answer?.notified !== true;
  }

  /** Whether this edge is to notify that the alert is resolved: somebody was notified that it fires, and no edge sees it any more. */
  #isOver(key: string, answer: Claimed | undefined): boolean {
    if (answer === undefined) return this.#notified.has(key);
    return answer.holder === '' && (this.#notified.has(key) || answer.notified);
  }

  #remember(
    firing: readonly AlertChange[],
    mine: readonly AlertChange[],
    answerOf: ReadonlyMap<string, Claimed | undefined>,
  ): void {
    const atMs = this.#deps.nowMs();
    const before = this.#holders;
    this.#holders = new Map(
      firing.flatMap((it) => {
        const [key, answer] = [keyOf(it), answerOf.get(keyOf(it))];
        const holder = answer === undefined ? before.get(key) : { edge: answer.holder, atMs };
        return holder === undefined ? [] : [[key, holder] as const];
      }),
    );
    for (const it of firing) this.#notified.delete(keyOf(it));
    for (const it of mine) this.#notified.add(keyOf(it));
  }
}

function keyOf({ finding }: AlertChange): string {
  return finding.key;
}
