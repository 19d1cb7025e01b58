import { type Logger, destination as openDestination, pino } from 'pino';
import type { LogLevel } from '../config/topology.ts';
import type { AccessRecord } from '../table/access-record.ts';
import type { Event } from '../table/event.ts';
import { wallClockMs } from '../table/system-clock.ts';
import { startTimer, stopTimer, type Timer } from '../table/timers.ts';
import { accessFields } from './access-line.ts';
import { fieldsOf, wordsOf } from './event-words.ts';
import { IsoTime } from './iso-time.ts';

/**
 * The log: JSON lines, one instance per thread.
 *
 * Lines are collected for a moment and handed on together, so that whoever logs neither waits nor pays for a write.
 * The control thread's go to standard output; those of edge threads go to the control thread's log, which is the only
 * writer: a pipe mixes what several write when it is full, and each writer that waits holds a thread of the pool that
 * name look-ups need. When nobody reads the output, lines are kept up to a limit; those beyond are dropped and counted.
 */
export type Log = {
  readonly event: (event: Event) => void;
  /** Whether `access` writes anything: otherwise the record need not be made. */
  readonly wantsAccess: boolean;
  readonly access: (record: AccessRecord) => void;
  readonly info: LogLine;
  readonly warn: LogLine;
  readonly error: LogLine;
  /** Writes lines that the log of another thread has handed on. */
  readonly forward: (lines: string) => void;
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
  /** A file descriptor, a path, or who takes lines in this log's stead; standard output by default. */
  readonly destination?: Destination;
  readonly bufferBytesMax?: number;
};

/** Takes whole lines, many at a time. */
export type TakeLines = (lines: string) => void;
export type Destination = number | string | TakeLines;

const BUFFER_BYTES_MAX = 16 * 1024 * 1024;
/** What has waited for a write before its own is written together up to this size, so that a backlog goes down. */
const WRITE_BYTES_MAX = 262_144;
/** Lines are handed on after this time, or when there are this many characters of them. */
const COLLECT_MS = 10;
const COLLECT_CHARS_MAX = 65_536;
/** How long a flush waits for whoever reads. */
const FLUSH_MS = 2000;
/** Tries to write at exit, a tenth of a second apart, when the output is full. */
const EXIT_TRIES_MAX = 20;

export function createLog(options: LogOptions): Log {
  const { thread } = options;
  const output = openOutput(options.destination ?? 1, options.bufferBytesMax ?? BUFFER_BYTES_MAX);
  const collected = collect(output);
  const iso = new IsoTime();
  const time = () => `,"time":"${iso.at(wallClockMs())}"`;
  const logger = pino(
    { level: options.level, base: { thread }, timestamp: time, formatters: { level: (level) => ({ level }) } },
    collected,
  );
  // What is logged of requests has a switch of its own: lines of `log.level` are about everything else.
  const wantsAccess = options.access && options.level !== 'silent';
  const accessEnd = `,"thread":${JSON.stringify(thread)},"msg":"request",`;
  return {
    event: (event) => {
      const { level, message } = wordsOf(event);
      if (logger.isLevelEnabled(level)) logger[level]({ event: event.type, ...fieldsOf(event) }, message);
    },
    wantsAccess,
    // The one line that is written for every request is put together by hand: what pino would write, at a third of its time.
    access: (record) => {
      if (!wantsAccess) return;
      collected.write(`{"level":"info"${time()}${accessEnd}${JSON.stringify(accessFields(record)).slice(1)}\n`);
    },
    info: lineOf(logger, 'info'),
    warn: lineOf(logger, 'warn'),
    error: lineOf(logger, 'error'),
    forward: output.write,
    flush: collected.flush,
    dropped: output.dropped,
  };
}

function lineOf(logger: Logger, level: 'info' | 'warn' | 'error'): LogLine {
  return (message, fields) => (fields === undefined ? logger[level](message) : logger[level](fields, message));
}

type Output = {
  readonly write: TakeLines;
  /** Resolves when all is written, or after `FLUSH_MS`. */
  readonly settled: () => Promise<void>;
  /** Writes what is left, without waiting for the event loop. */
  readonly writeRest: () => void;
  readonly dropped: () => number;
};

/** Hands lines on together; what is left when the thread exits, too. */
function collect(output: Output): { readonly write: (line: string) => void; readonly flush: () => Promise<void> } {
  let lines = '';
  let timer: Timer | undefined;
  const handOn = () => {
    stopTimer(timer);
    timer = undefined;
    const all = lines;
    lines = '';
    if (all !== '') output.write(all);
  };
  const write = (line: string) => {
    lines += line;
    if (lines.length >= COLLECT_CHARS_MAX) handOn();
    else timer ??= startTimer(COLLECT_MS, handOn, undefined);
  };
  process.on('exit', () => {
    handOn();
    output.writeRest();
  });
  return {
    write,
    flush: () => {
      handOn();
      return output.settled();
    },
  };
}

function openOutput(dest: Destination, maxLength: number): Output {
  if (typeof dest === 'function')
    return { write: dest, settled: async () => {}, writeRest: () => {}, dropped: () => 0 };
  let dropped = 0;
  let gone = false;
  let bytesWaiting = 0;
  let exitTries = Number.POSITIVE_INFINITY;
  const retryEAGAIN = () => {
    exitTries -= 1;
    return exitTries > 0;
  };
  const stream = openDestination({ dest, sync: false, maxLength, maxWrite: WRITE_BYTES_MAX, retryEAGAIN });
  const drop = (lines: string) => {
    dropped += lines.split('\n').length - 1;
    bytesWaiting -= Buffer.byteLength(lines);
  };
  stream.on('drop', drop);
  stream.on('write', (bytes: number) => {
    bytesWaiting -= bytes;
  });
  // A full disk is tried again with the next lines; a reader that has gone does not come back. Neither ends the process.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    gone ||= error.code === 'EPIPE';
  });
  const write = (lines: string) => {
    bytesWaiting += Buffer.byteLength(lines);
    if (gone) drop(lines);
    else stream.write(lines);
  };
  const settled = async () => {
    if (gone || bytesWaiting === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = startTimer(FLUSH_MS, resolve, undefined);
    stream.once('drain', resolve).once('error', resolve);
    await promise;
    stopTimer(timer);
  };
  const writeRest = () => {
    exitTries = EXIT_TRIES_MAX;
    try {
      if (!gone) stream.flushSync();
    } catch {
      // The output is full, or was never opened: what it has not taken by now is lost.
    }
  };
  return { write, settled, writeRest, dropped: () => dropped };
}
