import { endEarly, startEarly } from '../compose/edge-stock.ts';
import { edgeThreadCount, listenText } from '../compose/port.ts';
import type { Meridian } from '../compose.ts';
import { UNCAUGHT } from '../observe/thread-counts.ts';
import { START } from './commands/serving.ts';
import type { Signals } from './signals.ts';
import { supervision } from './supervision.ts';
import { EXIT, parsed, UsageError } from './usage.ts';

/** A start that is to end, and cannot be undone within this time (a store may not answer), is broken off. */
const EARLY_END_MS = 3000;

export type StartDeps = {
  readonly signals: Signals;
  /** Writes a line to standard error. */
  readonly say: (line: string) => void;
};

/** Runs the proxy until a signal ends it: SIGTERM, SIGINT or SIGQUIT drain, one more leaves out what is left of a phase, SIGHUP reloads. */
export async function start(args: string[], { signals, say }: StartDeps): Promise<number> {
  const { values, positionals } = parsed(START, args);
  if (positionals.length > (values.config === undefined ? 1 : 0)) throw new UsageError('start takes one file');
  const early = signals.early.signal;
  const meridian = await begin(values.config ?? positionals[0], early);
  if (meridian === undefined) return EXIT.fine;
  if (early.aborted) {
    // Nobody has heard that it serves.
    await meridian.force();
    return EXIT.fine;
  }
  const ended = Promise.withResolvers<number>();
  let code: number = EXIT.fine;
  const { env, pid } = process;
  const supervised = supervision({ env, pid, say, answering: (withinMs) => meridian.threads.answering(withinMs) });
  const stop = (): void => void meridian.stop().then(() => ended.resolve(code), ended.reject);
  const heard = (signal: string, what: string): void => meridian.control.loops.emit({ type: 'signal', signal, what });
  signals.obey({
    heard,
    stop: (signal, again) => {
      const words = endingWords(meridian);
      heard(signal, words);
      stop();
      // Whoever reads the line may count on it.
      say(`${signal}${again ? ' again' : ''}: ${words}`);
      supervised.stopping(words);
    },
    reload: () => void supervised.reloading(meridian.reload),
  });
  // The edge threads serve on without this one, but nobody would look after them.
  process.on('uncaughtException', (error) => {
    const stack = String(error.stack);
    meridian.control.loops.emit({ type: 'bug', where: UNCAUGHT, count: 1, error: stack });
    say(`an error that nobody caught, in the control thread; ${endingWords(meridian)}: ${stack}`);
    if (code === EXIT.fine) stop();
    code = EXIT.failed;
  });
  const { edge, admin, control } = meridian;
  const { topology } = control.current;
  const serving = `serving ${listenText(edge)} (edge ${topology.edge.id}), admin on ${listenText(admin)}, from ${topology.file}`;
  say(serving);
  supervised.ready(serving);
  const result = await ended.promise;
  supervised.close();
  say('ended');
  return result;
}

/**
 * Reads the file and starts what it says; undefined when it was told to end before. Edge threads load side by side with this one:
 * the first before the file is read, since there is always one, the others as soon as it says how many.
 */
async function begin(file: string | undefined, early: AbortSignal): Promise<Meridian | undefined> {
  startEarly(1);
  try {
    const { load } = await import('./load.ts');
    const topology = await load(file);
    if (early.aborted) return undefined;
    early.addEventListener('abort', () => setTimeout(() => process.exit(EXIT.fine), EARLY_END_MS).unref());
    startEarly(edgeThreadCount(topology.edge.workers) - 1);
    const { startMeridian } = await import('../compose.ts');
    return await startMeridian({ topology, env: process.env, tolerant: true });
  } finally {
    await endEarly();
  }
}

/** What the next order to stop begins. */
function endingWords(meridian: Meridian): string {
  const { control } = meridian;
  const phase = meridian.phase();
  const { lameDuckMs, drainMs } = control.current.topology.edge;
  const draining = `draining for at most ${drainMs / 1000} s`;
  if (phase === 'serving' && lameDuckMs > 0)
    return `not ready, serving on for ${lameDuckMs / 1000} s, then ${draining}`;
  return phase === 'serving' || phase === 'lame-duck' ? draining : 'cutting off what is left';
}
