import type { Event } from '../table/event.ts';

/** Since when something is as it is, by the wall clock, and why, in words. */
export type Note = { readonly sinceMs: number; readonly reason: string };

/** Since when a breaker is as it is, the endpoint whose attempt or check made it so, and what that met. */
export type BreakerNote = { readonly sinceMs: number; readonly by: string; readonly cause: string };

/** What is known of the process since it began, and of what the file says that is not in force. */
export type ProcessNotes = {
  readonly startedMs: number;
  readonly reloadedMs: number;
  readonly restartNeeded: readonly string[];
};

/**
 * What events said last of endpoints, breakers and the file, for whoever asks later. What is gone from the
 * file stays until as many others have come: there are at most `NOTES_MAX` of each kind.
 */
export class StatusNotes {
  readonly #wallMs: () => number;
  readonly #endpoints = new Map<string, Note>();
  readonly #breakers = new Map<string, BreakerNote>();
  readonly #startedMs: number;
  #reloadedMs: number;
  #restartNeeded: readonly string[] = [];

  constructor(wallMs: () => number) {
    this.#wallMs = wallMs;
    this.#startedMs = wallMs();
    this.#reloadedMs = this.#startedMs;
  }

  onEvent(event: Event): void {
    const nowMs = this.#wallMs();
    if (event.type === 'endpoint-state') {
      keep(this.#endpoints, event.endpoint, { sinceMs: nowMs, reason: event.reason });
    } else if (event.type === 'breaker-moved') {
      const { by, cause } = event;
      keep(this.#breakers, breakerKey(event.service, event.cloud, event.region), { sinceMs: nowMs, by, cause });
    } else if (event.type === 'reloaded') {
      this.#reloadedMs = nowMs;
      this.#restartNeeded = [];
    } else if (event.type === 'restart-needed') this.#restartNeeded = event.keys;
  }

  /** Undefined: its state has not changed since the start. */
  endpoint(id: string): Note | undefined {
    return this.#endpoints.get(id);
  }

  /** Of the breaker's last change of state; the region is empty for that of a cloud. Undefined: there was none. */
  breaker(service: string, cloud: string, region: string): BreakerNote | undefined {
    return this.#breakers.get(breakerKey(service, cloud, region));
  }

  get process(): ProcessNotes {
    return { startedMs: this.#startedMs, reloadedMs: this.#reloadedMs, restartNeeded: this.#restartNeeded };
  }
}

/** As many as there can be endpoints in a table. */
export const NOTES_MAX = 20_000;

function breakerKey(service: string, cloud: string, region: string): string {
  return `${service}/${cloud}/${region}`;
}

/** The latest is the last to go. */
function keep<T>(notes: Map<string, T>, key: string, note: T): void {
  notes.delete(key);
  notes.set(key, note);
  if (notes.size <= NOTES_MAX) return;
  const [oldest] = notes.keys();
  notes.delete(oldest as string);
}
