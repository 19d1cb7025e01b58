import { parseDuration } from '../config/duration.ts';
import { Terminal } from '../demo/terminal.ts';
import { monotonicMs, systemSleep } from '../table/system-clock.ts';
import { type AdminTarget, adminTarget, askAdmin } from './admin-client.ts';
import type { AlertsAnswer } from './alerts-table.ts';
import type { ChaosAnswer } from './chaos-table.ts';
import { isColoured } from './colour.ts';
import { TOP } from './commands/asking.ts';
import { viewEdge } from './edge-view.ts';
import { TopFlow } from './top-flow.ts';
import { type TopState, topLine, topScreen } from './top-screen.ts';
import { EXIT, parsed, UsageError } from './usage.ts';

const PERIOD_MS = 1000;

/** `meridian top`: how a running edge is, every second. An edge that does not answer at the start is a failure; later, it is shown. */
export async function top(args: string[]): Promise<number> {
  const { values } = parsed(TOP, args);
  const forMs = values.for === undefined ? Number.POSITIVE_INFINITY : parseDuration(values.for);
  if (forMs === undefined) throw new UsageError(`--for ${values.for} is no time such as 20s or 5m`);
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ending.abort());
  process.stdout.on('error', () => ending.abort());
  const reader = new TopReader(await adminTarget(values), values.service);
  let state = await reader.read();
  const output = process.stdout.isTTY
    ? onTerminal(
        () => state,
        () => ending.abort(),
      )
    : asLines(() => state);
  try {
    for (let nextMs = PERIOD_MS; !ending.signal.aborted; nextMs += PERIOD_MS) {
      output.draw();
      if (reader.elapsedMs >= forMs) break;
      await systemSleep(Math.max(0, Math.min(nextMs, forMs) - reader.elapsedMs), ending.signal);
      if (!ending.signal.aborted) state = await reader.again(state);
    }
  } finally {
    output.close();
  }
  return EXIT.fine;
}

/** Asks the edge, again and again. */
export class TopReader {
  readonly #target: AdminTarget;
  readonly #service: string | undefined;
  readonly #startMs = monotonicMs();
  readonly #flow = new TopFlow();

  constructor(target: AdminTarget, service: string | undefined) {
    this.#target = target;
    this.#service = service;
  }

  get elapsedMs(): number {
    return monotonicMs() - this.#startMs;
  }

  async read(): Promise<TopState> {
    const target = this.#target;
    const [view, alerts, chaos] = await Promise.all([
      viewEdge(target, this.#service),
      askAdmin<AlertsAnswer>(target, '/alerts'),
      askAdmin<ChaosAnswer>(target, '/chaos'),
    ]);
    this.#flow.add(view.status.endpoints, monotonicMs());
    const firing = alerts.alerts.filter(({ state, covered_by: covers }) => state === 'firing' && covers.length === 0);
    return {
      url: target.url,
      elapsedMs: this.elapsedMs,
      view,
      flows: this.#flow.flows(),
      alerts: firing
        .map(({ severity, summary }) => ({ critical: severity === 'critical', text: summary }))
        .toSorted((a, b) => Number(b.critical) - Number(a.critical))
        // What was a warning first and is critical now says the same twice.
        .filter(({ text }, i, all) => all.findIndex((one) => one.text === text) === i),
      experiments: chaos.running.map(({ name }) => name),
      trouble: undefined,
    };
  }

  /** The next reading; where there is none, what was last known and why. */
  again(last: TopState): Promise<TopState> {
    return this.read().catch((error: Error) => ({ ...last, elapsedMs: this.elapsedMs, trouble: error.message }));
  }
}

type Output = { readonly draw: () => void; readonly close: () => void };

function asLines(state: () => TopState): Output {
  return { draw: () => void process.stdout.write(`${topLine(state())}\n`), close: () => {} };
}

function onTerminal(state: () => TopState, end: () => void): Output {
  const keyboard = process.stdin.isTTY ? process.stdin : undefined;
  const draw = () => terminal.draw(topScreen(state(), terminal.size));
  // In raw mode Ctrl-C and Ctrl-D come as these.
  const keys = (typed: string) => {
    if (/[q\u0003\u0004]/.test(typed) && !typed.startsWith('\u001B')) end();
  };
  const terminal = new Terminal({ keyboard, display: process.stdout }, isColoured(process.stdout, process.env), {
    keys,
    resize: () => draw(),
  });
  const close = () => terminal.close();
  // Also when the process ends in a way that nobody thought of.
  process.once('exit', close);
  terminal.open();
  return { draw, close };
}
