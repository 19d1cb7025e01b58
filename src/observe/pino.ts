import { type Logger, pino } from 'pino';
import type { LogLevel } from '../config/topology.ts';
import type { AccessRecord } from '../table/access-record.ts';
import type { Event } from '../table/event.ts';
import { wallClockMs } from '../table/system-clock.ts';
import { startTimer, stopTimer, type Timer } from '../table/timers.ts';
import { accessLine } from './access-line.ts';
import { fieldsOf, wordsOf } from './event-words.ts';
import { IsoTime } from './iso-time.ts';
import { openOutput } from './pino-output.ts';

/**
 * The log: JSON lines, one instance per thread.
 *
 * The control thread's lines are collected for a moment and written together, so that whoever logs neither waits nor pays for a
 * write. Edge threads hand each line to a ring in shared memory (`LineRing`), which the control thread empties into its own
 * output: it is the only writer, since a pipe mixes what several write when it is full, and each writer that waits holds a
 * thread of the pool that name look-ups need. When nobody reads the output, lines are kept up to a limit; those beyond are
 * dropped and counted.
 */
export type Log = {
  readonly event: (event: Event) => void;
  /** Whether `access` writes anything: otherwise the record need not be made. */
  readonly wantsAccess: boolean;
  readonly access: (record: AccessRecord) => void;
  readonly info: LogLine;
  readonly warn: LogLine;
  readonly error: LogLine;
  /** Writes lines of another thread's log. */
  readonly forward: (lines: Buffer) => void;
  /** Resolves when everything is written, or nobody has read it for two seconds. The last lines at exit need no flush. */
  readonly flush: () => Promise<void>;
  /** Lines that were dropped since the log was made. */
  readonly dropped: () => number;
};

export type LogLine = (message: string, fields?: Readonly<Record<string, unknown>>) => void;

export type LogOptions = {
  readonly level: LogLevel;
  readonly access: boolean;
  /** Who logs: `control`, `edge-0`. */
  readonly thread: string;
  /** A file descriptor, a path, or who takes each line in this log's stead; standard output by default. */
  readonly destination?: number | string | TakeLine;
  readonly bufferBytesMax?: number;
};

/** Takes a whole line, with its end. */
export type TakeLine = (line: string) => void;

const BUFFER_BYTES_MAX = 16 * 1024 * 1024;
/** Lines are written after this time, or when there are this many characters of them. */
const COLLECT_MS = 10;
const COLLECT_CHARS_MAX = 65_536;

export function createLog(options: LogOptions): Log {
  const { thread, destination = 1 } = options;
  const way = typeof destination === 'function' ? handOn(destination) : collect(destination, options.bufferBytesMax);
  const iso = new IsoTime();
  const time = () => `,"time":"${iso.at(wallClockMs())}"`;
  const logger = pino(
    { level: options.level, base: { thread }, timestamp: time, formatters: { level: (level) => ({ level }) } },
    way,
  );
  const wantsAccess = options.access && logger.isLevelEnabled('info');
  const accessEnd = `,"thread":${JSON.stringify(thread)},"msg":"request",`;
  return {
    event: (event) => {
      const { level, message } = wordsOf(event);
      if (logger.isLevelEnabled(level)) logger[level]({ event: event.type, ...fieldsOf(event) }, message);
    },
    wantsAccess,
    access: (record) => {
      if (wantsAccess) way.write(`{"level":"info"${time()}${accessEnd}${accessLine(record)}}\n`);
    },
    info: lineOf(logger, 'info'),
    warn: lineOf(logger, 'warn'),
    error: lineOf(logger, 'error'),
    forward: way.forward,
    flush: way.flush,
    dropped: way.dropped,
  };
}

function lineOf(logger: Logger, level: 'info' | 'warn' | 'error'): LogLine {
  return (message, fields) => (fields === undefined ? logger[level](message) : logger[level](fields, message));
}

/** The way of a line out of the log. */
type Way = Pick<Log, 'forward' | 'flush' | 'dropped'> & { readonly write: TakeLine };

/** Somebody else writes the lines, and counts those that it must drop. */
function handOn(write: TakeLine): Way {
  return { write, forward: (lines) => write(lines.toString()), flush: async () => {}, dropped: () => 0 };
}

/** Writes lines together; what is left when the process exits, too. */
function collect(destination: number | string, bufferBytesMax = BUFFER_BYTES_MAX): Way {
  const output = openOutput(destination, bufferBytesMax);
  let lines = '';
  let timer: Timer | undefined;
  const writeCollected = () => {
    stopTimer(timer);
    timer = undefined;
    const all = lines;
    lines = '';
    if (all !== '') output.write(Buffer.from(all));
  };
  process.on('exit', () => {
    writeCollected();
    output.writeRest();
  });
  return {
    write: (line) => {
      lines += line;
      if (lines.length >= COLLECT_CHARS_MAX) writeCollected();
      else timer ??= startTimer(COLLECT_MS, writeCollected, undefined);
    },
    forward: output.write,
    flush: () => {
      writeCollected();
      return output.settled();
    },
    dropped: output.dropped,
  };
}
