import type { RunCommand } from '../demo/command.ts';
import { introduction } from '../demo/introduction.ts';
import { Origins } from '../demo/origins.ts';
import { DEMO_REGIONS } from '../demo/regions.ts';
import { Show } from '../demo/show.ts';
import { Traffic } from '../demo/traffic.ts';
import { monotonicMs, systemClock, systemRandom } from '../table/system-clock.ts';
import { controlled } from './demo-control.ts';
import { type DemoEdge, startDemoEdge } from './demo-edge.ts';
import { demoOutput } from './demo-output.ts';
import { EXIT } from './usage.ts';

const REDRAW_MS = 1000;
/** When the demo ends, requests that are on their way are given this long. */
const GRACE_MS = 1500;

/** Runs the demo until its time is over, `q` is pressed or a signal comes. Rejects when the edge cannot start. */
export async function runDemo(command: RunCommand): Promise<number> {
  const { port } = command;
  const ending = new AbortController();
  const end = () => ending.abort();
  // A second signal changes nothing: the end is bounded, and a runner such as npm passes on what came to both.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  // Whoever read us has gone (`| head`): there is nobody to show anything to.
  process.stdout.on('error', end);

  const origins = new Origins(DEMO_REGIONS, (index) => (port === 0 ? 0 : port + 2 + index));
  await origins.start();
  try {
    const edge = await startDemoEdge(origins.ports(), port);
    try {
      await show({ command, origins, edge, ending });
    } finally {
      await edge.stop();
    }
  } finally {
    await origins.stop();
  }
  return EXIT.fine;
}

type Running = {
  readonly command: RunCommand;
  readonly origins: Origins;
  readonly edge: DemoEdge;
  readonly ending: AbortController;
};

/** Sends the traffic and shows what comes of it. */
async function show({ command, origins, edge, ending }: Running): Promise<void> {
  const { meridian, url, adminUrl, file } = edge;
  const { forMs, rate } = command;
  const clock = systemClock(monotonicMs());
  const traffic = new Traffic({
    host: '127.0.0.1',
    port: meridian.edge.port,
    rate,
    clock,
    random: systemRandom,
    onFailure: (reason) => shown.failed(reason),
  });
  const status = () => meridian.status();
  const shown = new Show({ clock, origins, tally: traffic.tally, status, url, adminUrl, forMs });
  meridian.control.onEvent((event) => shown.hear(event));
  const output = demoOutput({ show: shown, origins, end: () => ending.abort() });
  const control = await controlled(async (verb, target) => {
    const done = await origins.apply(verb, target);
    shown.tell(done);
    output.draw();
    return done;
  });
  process.stdout.write(introduction({ url, adminUrl, file, rate, deaf: control.deaf }));
  shown.refresh();
  output.open();
  traffic.start();
  await showUntil(ending.signal, forMs, () => {
    shown.refresh();
    output.tick();
  });
  await traffic.stop(GRACE_MS);
  shown.refresh();
  output.close();
  await control.close();
  process.stdout.write(shown.summary());
}

/** Calls `tick` every second, from start to start, until the time is over or the signal aborts. */
async function showUntil(signal: AbortSignal, forMs: number | undefined, tick: () => void): Promise<void> {
  const startMs = performance.now();
  for (let count = 1; !signal.aborted; count += 1) {
    const nextMs = Math.min(count * REDRAW_MS, forMs ?? Number.POSITIVE_INFINITY);
    await sleep(startMs + nextMs - performance.now(), signal);
    if (signal.aborted) return;
    tick();
    if (forMs !== undefined && nextMs >= forMs) return;
  }
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, Math.max(0, ms));
  signal.addEventListener('abort', () => resolve(), { once: true });
  return promise.finally(() => clearTimeout(timer));
}
