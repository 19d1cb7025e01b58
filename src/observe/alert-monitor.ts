import type { AlertSettings } from '../config/topology.ts';
import type { Emit } from '../table/event.ts';
import type { Alert, AlertChange, Finding, Severity } from './alert.ts';
import type { AlertFacts } from './alert-facts.ts';
import type { SavedAlert } from './alert-memory.ts';
import { findingsOf } from './alert-rules.ts';
import type { AlertSinks } from './alert-sinks.ts';
import { type Alerts, changeOf, coversOf, step } from './alert-step.ts';
import { RESOLVED_KEPT_MS } from './alertmanager.ts';

export type MonitorDeps = {
  readonly nowMs: () => number;
  readonly wallMs: () => number;
  readonly emit: Emit;
  readonly settings: () => AlertSettings;
  readonly facts: () => AlertFacts;
  readonly sinks: Pick<AlertSinks, 'notify'>;
};

/** Something that another part of the house found and that nobody can see by looking again. */
export type Raised = {
  readonly key: string;
  readonly name: string;
  readonly severity: Severity;
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
};

/** Alerts that others raised and that are still shown. */
const RAISED_MAX = 256;

/** After a start nothing has been checked yet: alerts of before are kept for this long at least. */
export const RESTORED_MS = 60_000;

/** Looks at everything now and then, and notifies the sinks. Belongs to the control thread. */
export class AlertMonitor {
  readonly #deps: MonitorDeps;
  readonly #raised = new Map<string, { readonly raised: Raised; readonly untilMs: number }>();
  #alerts: Alerts = new Map();
  #resolved: readonly { readonly change: AlertChange; readonly atMs: number }[] = [];

  constructor(deps: MonitorDeps) {
    this.#deps = deps;
  }

  /** One look. */
  look(): void {
    const { settings, facts, sinks, emit } = this.#deps;
    const { rules, resolveAfterMs, sinks: to } = settings();
    const now = { nowMs: this.#deps.nowMs(), wallMs: this.#deps.wallMs() };
    const findings = [...findingsOf(facts(), rules), ...this.#stillRaised(now.nowMs)];
    const forMs = (rule: Finding['rule']) => (rule === 'raised' ? 0 : rules[rule].forMs);
    const { alerts, changes } = step(this.#alerts, findings, now, { forMs, resolveAfterMs });
    this.#alerts = alerts;
    this.#remember(changes, now.nowMs);
    for (const change of to.log ? changes : []) emit(eventOf(change));
    sinks.notify(changes, this.#all());
  }

  /** Alerts on something for `forMs`; the next look notifies of it. Raising the same key again makes it last longer. */
  raise(raised: Raised, forMs: number): void {
    if (this.#raised.size >= RAISED_MAX && !this.#raised.has(raised.key)) return;
    this.#raised.set(raised.key, { raised, untilMs: this.#deps.nowMs() + forMs });
  }

  /** Alerts that there are now, pending ones included. */
  list(): readonly Alert[] {
    return [...this.#alerts.values()];
  }

  /** The alerts that fire, by key, and suppress this one. */
  coversOf(alert: Alert): readonly string[] {
    return alert.announced ? [] : coversOf(alert, this.#alerts);
  }

  /** What outlasts a restart: what fires. What is pending begins anew. */
  save(): readonly SavedAlert[] {
    return this.list()
      .filter(({ state }) => state === 'firing')
      .map(({ finding, startsAtMs, announced }) => ({ finding, startsAtMs, announced }));
  }

  /** Takes in what fired when another process ended. It is not notified again. */
  restore(saved: readonly SavedAlert[]): void {
    const nowMs = this.#deps.nowMs();
    this.#alerts = new Map(
      saved.map((alert) => [
        alert.finding.key,
        // How long ago its covers ended is not known any more: what is quiet begins to be so anew.
        { ...alert, state: 'firing' as const, sinceMs: nowMs, seenMs: nowMs + RESTORED_MS, coveredMs: nowMs },
      ]),
    );
  }

  #stillRaised(nowMs: number): readonly Finding[] {
    for (const [key, { untilMs }] of this.#raised) if (untilMs <= nowMs) this.#raised.delete(key);
    return [...this.#raised.values()].map(({ raised }) => ({
      ...raised,
      key: `raised/${raised.key}`,
      rule: 'raised' as const,
      coveredBy: [],
    }));
  }

  #remember(changes: readonly AlertChange[], nowMs: number): void {
    const fresh = changes.filter(({ status }) => status === 'resolved').map((change) => ({ change, atMs: nowMs }));
    const firing = (key: string) => this.#alerts.get(key)?.announced === true;
    this.#resolved = [...this.#resolved, ...fresh].filter(
      ({ change, atMs }) => nowMs - atMs < RESOLVED_KEPT_MS && !firing(change.finding.key),
    );
  }

  #all(): readonly AlertChange[] {
    const firing = this.list().filter(({ announced }) => announced);
    return [...firing.map((alert) => changeOf(alert)), ...this.#resolved.map(({ change }) => change)];
  }
}

function eventOf({ status, finding }: AlertChange) {
  const { name, severity, labels, summary } = finding;
  return { type: 'alert', status, alert: name, severity, labels, summary } as const;
}
