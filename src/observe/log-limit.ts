import type { Event } from '../table/event.ts';

/** What somebody else can make happen as often as they like is written to the log once in this time, for each kind. */
export const LOG_EVERY_MS = 60_000;
/** Kinds that are told apart; what comes beyond is of one kind. */
export const KINDS_MAX = 256;

type Limited = Extract<Event, { type: 'connections-dropped' | 'descriptors-exhausted' | 'bug' }>;

/**
 * Keeps the log from being filled by what repeats itself. The first of a kind is written at once, the next after a minute, with
 * how many there were meanwhile. Metrics count all of them.
 */
export class LogLimit {
  readonly #write: (event: Event) => void;
  readonly #nowMs: () => number;
  readonly #kinds = new Map<string, { writtenMs: number; held: number }>();

  constructor(write: (event: Event) => void, nowMs: () => number) {
    this.#write = write;
    this.#nowMs = nowMs;
  }

  readonly event = (event: Event): void => {
    // Scanners, and load balancers that look whether the port is open: counted, and never written.
    if (event.type === 'connections-dropped' && event.reason === 'handshake-failed') return;
    const key = kindOf(event);
    if (key === undefined) return this.#write(event);
    const nowMs = this.#nowMs();
    const kind = this.#kindOf(key);
    const { count } = event as { count?: number };
    kind.held += count ?? 1;
    if (nowMs - kind.writtenMs < LOG_EVERY_MS) return;
    this.#write(count === undefined ? event : ({ ...event, count: kind.held } as Event));
    kind.writtenMs = nowMs;
    kind.held = 0;
  };

  #kindOf(key: string): { writtenMs: number; held: number } {
    const name = this.#kinds.has(key) || this.#kinds.size < KINDS_MAX ? key : '';
    const known = this.#kinds.get(name);
    if (known !== undefined) return known;
    const fresh = { writtenMs: Number.NEGATIVE_INFINITY, held: 0 };
    this.#kinds.set(name, fresh);
    return fresh;
  }
}

function kindOf(event: Event): string | undefined {
  if (!isLimited(event)) return undefined;
  if (event.type === 'connections-dropped') return `dropped ${event.reason}`;
  return event.type === 'bug' ? `bug ${event.where}` : event.type;
}

function isLimited(event: Event): event is Limited {
  return event.type === 'connections-dropped' || event.type === 'descriptors-exhausted' || event.type === 'bug';
}
