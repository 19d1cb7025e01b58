import type { Clock } from '../table/clock.ts';
import type { Event } from '../table/event.ts';
import { Bursts } from './bursts.ts';
import type { EdgeStatus } from './edge-status.ts';
import { burstText, eventText } from './event-text.ts';
import { History } from './history.ts';
import type { KeyMode } from './keys.ts';
import { News, type NewsItem } from './news.ts';
import type { Origins } from './origins.ts';
import { DEMO_REGIONS } from './regions.ts';
import { type DemoState, regionStates } from './state.ts';
import { summary } from './summary.ts';
import type { Tally } from './tally.ts';

export type ShowDeps = {
  readonly clock: Clock;
  readonly origins: Pick<Origins, 'states'>;
  readonly tally: Pick<Tally, 'counts' | 'recent' | 'overall'>;
  /** Asks the edge how it is. */
  readonly status: () => EdgeStatus;
  readonly url: string;
  readonly adminUrl: string;
  readonly forMs: number | undefined;
};

/** Gathers what the view shows: what the edge says of itself, what the clients saw, and what was done. */
export class Show {
  readonly #deps: ShowDeps;
  readonly #startMs: number;
  readonly #history = new History();
  readonly #news = new News();
  readonly #bursts = new Bursts();
  #status: EdgeStatus = { endpoints: [], clouds: [] };
  #failovers = 0;

  constructor(deps: ShowDeps) {
    this.#deps = deps;
    this.#startMs = deps.clock.nowMs();
  }

  /** Once a second: asks the edge, and tells what happened to many requests since. */
  refresh(): void {
    for (const text of this.#bursts.flush()) this.tell(text);
    this.#status = this.#deps.status();
    this.#history.add(this.#status, this.#deps.clock.nowMs());
  }

  hear(event: Event): void {
    if (event.type === 'failed-over') this.#failovers += event.count;
    const burst = burstText(event);
    if (burst !== undefined && 'count' in event) this.#bursts.add(burst, event.count);
    const text = eventText(event);
    if (text !== undefined) this.tell(text);
  }

  /** A request of the demo's own clients was not answered well. */
  failed(reason: string): void {
    this.#bursts.add(`of the clients failed: ${reason}`, 1);
  }

  /** Adds a line to the news. */
  tell(text: string): void {
    this.#news.add(text, this.#elapsedMs());
  }

  /** What happened since this was last asked. */
  takeNews(): readonly NewsItem[] {
    return this.#news.take();
  }

  state(mode: KeyMode): DemoState {
    const { clock, origins, tally, url, adminUrl, forMs } = this.#deps;
    const flow = this.#history.flow();
    return {
      elapsedMs: this.#elapsedMs(),
      forMs,
      url,
      adminUrl,
      regions: regionStates(DEMO_REGIONS, origins.states(), this.#status, flow),
      clouds: this.#status.clouds,
      flow,
      traffic: tally.counts(),
      recent: tally.recent(clock.nowMs()),
      failovers: this.#failovers,
      news: this.#news.recent(),
      mode,
    };
  }

  summary(): string {
    const { tally } = this.#deps;
    return summary({
      elapsedMs: this.#elapsedMs(),
      traffic: tally.counts(),
      overall: tally.overall(),
      failovers: this.#failovers,
      endpoints: this.#status.endpoints,
    });
  }

  #elapsedMs(): number {
    return this.#deps.clock.nowMs() - this.#startMs;
  }
}
