import { type Logger, pino } from 'pino';
import type { AccessSampling } from '../config/access-sampling.ts';
import type { LogLevel } from '../config/topology-log.ts';
import type { AccessRecord } from '../table/access-record.ts';
import type { Event } from '../table/event.ts';
import { LineRing } from '../table/line-ring.ts';
import { wallClockMs } from '../table/system-clock.ts';
import { accessLine } from './access-line.ts';
import { isSampled } from './access-sample.ts';
import { AgainText } from './again-text.ts';
import { fieldsOf, messageOf } from './event-message.ts';
import { IsoTime } from './iso-time.ts';
import { LogWriter } from './log-writer.ts';

/**
 * The log: JSON lines, one instance per thread.
 *
 * A line goes into a ring in memory that threads share, so that whoever logs neither waits nor pays for a write. The control
 * thread writes what is in the rings of all threads, together: it is the only writer, since a pipe mixes what several write when
 * it is full, and each writer that waits holds a thread of the pool that name look-ups need. When nobody reads the output, the
 * rings fill; lines beyond are dropped and counted.
 */
export type Log = {
  readonly event: (event: Event) => void;
  /** Whether `access` writes anything: otherwise the record need not be made. */
  readonly wantsAccess: boolean;
  readonly access: (record: AccessRecord) => void;
  readonly info: LogLine;
  readonly warn: LogLine;
  readonly error: LogLine;
  /** From now on writes the lines of another thread's log too, which are in this ring. */
  readonly carry: (ring: LineRing) => void;
  /** Lines are in a ring that it carries. */
  readonly announced: () => void;
  /** Resolves when everything is written, or nobody has read it for two seconds. The last lines at exit need no flush. */
  readonly flush: () => Promise<void>;
  /** Lines that were dropped since the log was made. */
  readonly dropped: () => number;
};

export type LogLine = (message: string, fields?: Readonly<Record<string, unknown>>) => void;

export type LogOptions = {
  readonly level: LogLevel;
  readonly access: boolean;
  /** Of which requests; of all when it is left out. */
  readonly sampling?: AccessSampling;
  /** Who logs: `control`, `edge-0`. */
  readonly thread: string;
  /** A file descriptor, a path, or who takes each line in this log's stead; standard output by default. */
  readonly destination?: number | string | TakeLine;
  /** Bytes of own lines that may wait for the output. */
  readonly bufferBytesMax?: number;
};

/** Takes a whole line, with its end. */
export type TakeLine = (line: string) => void;

/** Bytes of the control thread's own lines that wait at most when nobody reads. */
const BUFFER_BYTES_MAX = 16 * 1024 * 1024;

export function createLog(options: LogOptions): Log {
  const { thread, destination = 1, sampling } = options;
  const way = typeof destination === 'function' ? handOn(destination) : writeTo(destination, options.bufferBytesMax);
  const iso = new IsoTime();
  const time = () => `,"time":"${iso.at(wallClockMs())}"`;
  const logger = pino(
    { level: options.level, base: { thread }, timestamp: time, formatters: { level: (level) => ({ level }) } },
    way,
  );
  // What is logged of requests has a switch of its own: lines of `log.level` are about everything else.
  const wantsAccess = options.access && options.level !== 'silent';
  const accessEnd = `,"thread":${JSON.stringify(thread)},"msg":"request",`;
  const begun = new AgainText();
  /** How every line of this millisecond begins. */
  const beginning = (): string => {
    const wallMs = wallClockMs();
    return begun.isFor(wallMs, thread)
      ? begun.text()
      : begun.keep(`{"level":"info","time":"${iso.at(wallMs)}"${accessEnd}`);
  };
  return {
    event: (event) => {
      const { level, message } = messageOf(event);
      if (logger.isLevelEnabled(level)) logger[level]({ event: event.type, ...fieldsOf(event) }, message);
    },
    wantsAccess,
    access: (record) => {
      if (wantsAccess && (sampling === undefined || isSampled(record, sampling)))
        way.write(`${beginning()}${accessLine(record)}}\n`);
    },
    info: lineOf(logger, 'info'),
    warn: lineOf(logger, 'warn'),
    error: lineOf(logger, 'error'),
    carry: way.carry,
    announced: way.announced,
    flush: way.flush,
    dropped: way.dropped,
  };
}

function lineOf(logger: Logger, level: 'info' | 'warn' | 'error'): LogLine {
  return (message, fields) => (fields === undefined ? logger[level](message) : logger[level](fields, message));
}

/** The way of a line out of the log. */
type Way = Pick<Log, 'carry' | 'announced' | 'flush' | 'dropped'> & { readonly write: TakeLine };

/** Somebody else writes the lines, and counts those that it must drop. */
function handOn(write: TakeLine): Way {
  return { write, carry: () => {}, announced: () => {}, flush: async () => {}, dropped: () => 0 };
}

/** Writes the lines, and those of other threads. */
function writeTo(output: number | string, bufferBytesMax = BUFFER_BYTES_MAX): Way {
  const writer = new LogWriter(output);
  const ring = LineRing.create(bufferBytesMax);
  let dropped = 0;
  writer.carry(ring);
  return {
    write: (line) => {
      const became = ring.write(line);
      if (became === 'announce') writer.announced();
      else if (became === 'full') dropped += 1;
    },
    carry: (another) => writer.carry(another),
    announced: () => writer.announced(),
    flush: () => writer.flush(),
    dropped: () => dropped + writer.dropped,
  };
}
