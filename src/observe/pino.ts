import { type Logger, pino } from 'pino';
import type { AccessSampling } from '../config/access-sampling.ts';
import type { LogFormat, LogLevel } from '../config/topology-log.ts';
import type { AccessRecord } from '../table/access-record.ts';
import type { Event } from '../table/event.ts';
import { LineRing } from '../table/line-ring.ts';
import { wallClockMs } from '../table/system-clock.ts';
import { isSampled } from './access-sample.ts';
import { fieldsOf, messageOf } from './event-message.ts';
import { IsoTime } from './iso-time.ts';
import { type LineFormat, lineFormat } from './line-format.ts';
import { LogWriter } from './log-writer.ts';

/**
 * The log: lines of JSON or in another format, one instance per thread.
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
  /** How lines are written; JSON by default. */
  readonly format?: LogFormat;
  /** Of which requests; of all when it is left out. */
  readonly sampling?: AccessSampling;
  /** Who logs: `control`, `edge-0`. */
  readonly thread: string;
  /** A file descriptor, a path, or who takes each line in this log's stead; standard output by default. */
  readonly destination?: number | string | TakeLine;
  /** Where lines go that would be in the way of a format for requests alone; standard error by default. */
  readonly aside?: number | string;
  /** Bytes of own lines that may wait for the output. */
  readonly bufferBytesMax?: number;
};

/** Takes a whole line, with its end. */
export type TakeLine = (line: string) => void;

/** Bytes of the control thread's own lines that wait at most when nobody reads. */
const BUFFER_BYTES_MAX = 16 * 1024 * 1024;

/** Opens a log. Throws when its file cannot be opened. */
export function createLog(options: LogOptions): Log {
  const { thread, destination = 1, sampling } = options;
  const format = lineFormat(options.format ?? 'json', thread);
  const way = typeof destination === 'function' ? handOn(destination) : writeTo(destination, options, format);
  const iso = new IsoTime();
  const time = () => `,"time":"${iso.at(wallClockMs())}"`;
  const logger = pino(
    { level: options.level, base: { thread }, timestamp: time, formatters: { level: (level) => ({ level }) } },
    inFormat(way, format),
  );
  // What is logged of requests has a switch of its own: lines of `log.level` are about everything else.
  const wantsAccess = options.access && options.level !== 'silent';
  return {
    event: (event) => {
      const { level, message } = messageOf(event);
      if (logger.isLevelEnabled(level)) logger[level]({ event: event.type, ...fieldsOf(event) }, message);
    },
    wantsAccess,
    access: (record) => {
      if (wantsAccess && (sampling === undefined || isSampled(record, sampling)))
        way.write(format.request(record, wallClockMs()));
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

/** The way of a line out of the log: that of a request, and that of any other. */
type Way = Pick<Log, 'carry' | 'announced' | 'flush' | 'dropped'> & {
  readonly write: TakeLine;
  readonly writeOther: TakeLine;
};

/** Where pino writes its JSON. */
function inFormat({ writeOther }: Way, { other }: LineFormat): { readonly write: TakeLine } {
  return { write: other === undefined ? writeOther : (json) => writeOther(other(json)) };
}

/** Somebody else writes the lines, and counts those that it must drop. */
function handOn(write: TakeLine): Way {
  return { write, writeOther: write, carry: () => {}, announced: () => {}, flush: async () => {}, dropped: () => 0 };
}

/** Writes the lines, and those of other threads. */
function writeTo(
  output: number | string,
  { bufferBytesMax = BUFFER_BYTES_MAX, aside = STANDARD_ERROR }: Pick<LogOptions, 'bufferBytesMax' | 'aside'>,
  { otherAside }: LineFormat,
): Way {
  const requests = queueTo(output, bufferBytesMax);
  const others = otherAside ? queueTo(aside, bufferBytesMax) : requests;
  return {
    write: requests.write,
    writeOther: others.write,
    carry: (another) => requests.writer.carry(another),
    announced: () => requests.writer.announced(),
    flush: async () => void (await Promise.all([requests.writer.flush(), others.writer.flush()])),
    dropped: () => requests.dropped() + (otherAside ? others.dropped() : 0),
  };
}

const STANDARD_ERROR = 2;

/** A ring for own lines, and who writes what is in it. */
function queueTo(output: number | string, bufferBytesMax: number) {
  const writer = new LogWriter(output);
  const ring = LineRing.create(bufferBytesMax);
  let dropped = 0;
  writer.carry(ring);
  const write = (line: string): void => {
    const became = ring.write(line);
    if (became === 'announce') writer.announced();
    else if (became === 'full') dropped += 1;
  };
  return { writer, write, dropped: () => dropped + writer.dropped };
}
