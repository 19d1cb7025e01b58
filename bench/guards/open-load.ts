import { Agent, request } from 'node:http';

/** Requests that come at their times, however slowly they are answered. */
export type Load = {
  readonly port: number;
  readonly perSecond: number;
  readonly forMs: number;
  /** The priority of the `nth` request, if any. */
  readonly priority?: (nth: number) => string;
  /** What `forMs` and the times that are seen go by; the machine's clock by default. */
  readonly time?: LoadTime;
};

export type LoadTime = { readonly nowMs: () => number; readonly sleep: (ms: number) => Promise<void> };

const MACHINE: LoadTime = {
  nowMs: () => performance.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** One request: when it began by the clock of the load, what it got (0: a broken connection), and how long that took. */
export type Seen = {
  readonly atMs: number;
  readonly status: number;
  readonly tookMs: number;
  readonly priority: string;
};

/** Clients have better things to do than to wait for longer. */
const WAITED_MS_MAX = 10_000;

/** Offers a load, and resolves with all that came of it. What has no answer after 10 s has none. */
export async function offer({ port, perSecond, forMs, priority, time = MACHINE }: Load): Promise<readonly Seen[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 2048 });
  const startMs = time.nowMs();
  const asked: Promise<Seen>[] = [];
  for (let now = 0; now < forMs; now = time.nowMs() - startMs) {
    while (asked.length < (now / 1000) * perSecond) {
      asked.push(ask(agent, port, { atMs: now, priority: priority?.(asked.length) ?? '' }, time));
    }
    await time.sleep(2);
  }
  const seen = await Promise.all(asked);
  agent.destroy();
  return seen;
}

function ask(
  agent: Agent,
  port: number,
  { atMs, priority }: Pick<Seen, 'atMs' | 'priority'>,
  time: LoadTime,
): Promise<Seen> {
  const startMs = time.nowMs();
  return new Promise((resolve) => {
    const done = (status: number): void => {
      clearTimeout(giveUp);
      resolve({ atMs, status, tookMs: time.nowMs() - startMs, priority });
    };
    const headers = priority === '' ? {} : { 'Routing-Priority': priority };
    const call = request({ agent, host: '127.0.0.1', port, headers }, (response) => {
      response.resume();
      response.on('end', () => done(response.statusCode ?? 0));
      response.on('error', () => done(0));
    });
    // The time that it waits for a connection of its own counts, too.
    const giveUp = setTimeout(() => call.destroy(), WAITED_MS_MAX);
    call.on('error', () => done(0));
    call.end();
  });
}

/** The quantile of times that were answered with 200, in ms. */
export function quantileMs(seen: readonly Seen[], share: number): number {
  const times = seen
    .filter(({ status }) => status === 200)
    .map(({ tookMs }) => tookMs)
    .toSorted((a, b) => a - b);
  return times[Math.floor(times.length * share)] ?? Number.NaN;
}
