import { ownEntry } from '../config/own-entry.ts';
import type { AlertSettings } from '../config/topology.ts';
import type { LoopDeps } from '../table/loop.ts';
import type { AlertChange } from './alert.ts';
import { Courier, type CourierOptions, type CourierStatus } from './alert-courier.ts';
import { alertmanagerPost, resendMaxMs } from './alertmanager.ts';
import { pagerdutyPost } from './pagerduty.ts';
import { slackPost } from './slack.ts';
import { post, webhookPost } from './webhook.ts';

export type SinksDeps = LoopDeps & {
  /** The name of this edge. */
  readonly edge: string;
  readonly wallMs: () => number;
  /** What the fleet is called, of which one edge at a time sends an alert; absent for an edge that sends its own. */
  readonly fleet?: string;
};

export type Queues = Readonly<Record<string, readonly AlertChange[]>>;

/** Changes in one message to the webhook or Slack. */
const BATCH_MAX = 100;

/** Everybody who is notified of alerts beside the log: one courier each, so that one that is down delays no other. */
export class AlertSinks {
  readonly #deps: SinksDeps;
  #settings: string | undefined;
  #couriers: readonly Courier[] = [];
  #ending = new AbortController();

  constructor(deps: SinksDeps) {
    this.#deps = deps;
  }

  /** Takes on the sinks of a file. What had not been delivered goes to the sinks of the same names. */
  update(settings: AlertSettings): void {
    const { sinks, timeoutMs, intervalMs } = settings;
    const text = JSON.stringify({ sinks, timeoutMs, intervalMs });
    if (text === this.#settings) return;
    this.#settings = text;
    const queues = this.queues();
    this.#ending.abort();
    this.#ending = new AbortController();
    const signal = AbortSignal.any([this.#deps.signal, this.#ending.signal]);
    this.#couriers = couriers(settings, this.#deps).map((options) => new Courier(options, { ...this.#deps, signal }));
    this.restore(queues);
  }

  /** `changes` are what is new; `all` is every alert that there is, with those resolved lately. */
  notify(changes: readonly AlertChange[], all: readonly AlertChange[]): void {
    for (const courier of this.#couriers) {
      if (getsEverything(courier.sink)) courier.push(all);
      else if (changes.length > 0) courier.push(changes);
    }
  }

  status(): readonly CourierStatus[] {
    return this.#couriers.map(({ status }) => status);
  }

  /** What has not been delivered yet, by sink. */
  queues(): Queues {
    return Object.fromEntries(this.#couriers.map(({ sink, undelivered }) => [sink, undelivered]));
  }

  restore(queues: Queues): void {
    for (const courier of this.#couriers) {
      const left = ownEntry(queues, courier.sink);
      if (left !== undefined && left.length > 0 && !getsEverything(courier.sink)) courier.push(left);
    }
  }

  /** Ends deliveries that are under way. */
  async close(): Promise<void> {
    this.#ending.abort();
    await Promise.all(this.#couriers.map((courier) => courier.settled()));
  }
}

/** Whether a sink gets every alert at every look, as an Alertmanager does. */
function getsEverything(sink: string): boolean {
  return sink.startsWith('alertmanager');
}

function couriers({ sinks, timeoutMs, intervalMs }: AlertSettings, deps: SinksDeps): readonly CourierOptions[] {
  const { edge, wallMs, fleet } = deps;
  const { webhook, slack, pagerduty, alertmanager } = sinks;
  const options: CourierOptions[] = [];
  if (webhook !== undefined) {
    options.push({
      sink: 'webhook',
      batchMax: BATCH_MAX,
      keeps: 'every',
      deliver: (changes, signal) => post(webhookPost(webhook, changes, { edge, wallMs: wallMs() }), timeoutMs, signal),
    });
  }
  if (slack !== undefined) {
    options.push({
      sink: 'slack',
      batchMax: BATCH_MAX,
      keeps: 'every',
      deliver: (changes, signal) => post(slackPost(slack.url, changes, edge), timeoutMs, signal),
    });
  }
  if (pagerduty !== undefined) {
    options.push({
      sink: 'pagerduty',
      batchMax: 1,
      keeps: 'every',
      deliver: ([change], signal) =>
        post(pagerdutyPost(pagerduty, change as AlertChange, edge, fleet), timeoutMs, signal),
    });
  }
  const urls = alertmanager?.urls ?? [];
  urls.forEach((url, i) =>
    options.push({
      sink: urls.length === 1 ? 'alertmanager' : `alertmanager-${i + 1}`,
      batchMax: Number.POSITIVE_INFINITY,
      keeps: 'latest',
      backoffMaxMs: resendMaxMs({ intervalMs, timeoutMs }),
      deliver: (changes, signal) =>
        post(
          alertmanagerPost(url, changes, { edge, fleet, wallMs: wallMs(), intervalMs, timeoutMs }),
          timeoutMs,
          signal,
        ),
    }),
  );
  return options;
}
