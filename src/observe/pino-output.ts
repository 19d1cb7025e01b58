import { destination as openDestination } from 'pino';
import { startTimer, stopTimer } from '../table/timers.ts';

/** Where the lines of the log go in the end: a file descriptor or a path. One thread writes to it, for all. */
export type Output = {
  /** Writes whole lines. Never waits; what is beyond the limit is dropped and counted. */
  readonly write: (lines: Buffer) => void;
  /** Resolves when all is written, or after `FLUSH_MS`. */
  readonly settled: () => Promise<void>;
  /** Writes what is left, without waiting for the event loop. */
  readonly writeRest: () => void;
  /** Lines that were dropped. */
  readonly dropped: () => number;
};

/** What has waited for a write before its own is written together up to this size, so that a backlog goes down. */
const WRITE_BYTES_MAX = 262_144;
/** How long a flush waits for whoever reads. */
const FLUSH_MS = 2000;
/** Tries to write at exit, a tenth of a second apart, when the output is full. */
const EXIT_TRIES_MAX = 20;

/** Opens the output. `maxLength`: how many bytes wait at most when nobody reads. */
export function openOutput(dest: number | string, maxLength: number): Output {
  let dropped = 0;
  let gone = false;
  let bytesWaiting = 0;
  let exitTries = Number.POSITIVE_INFINITY;
  const retryEAGAIN = () => {
    exitTries -= 1;
    return exitTries > 0;
  };
  // Typed for texts only; in this mode it takes buffers.
  const options = {
    dest,
    sync: false,
    maxLength,
    maxWrite: WRITE_BYTES_MAX,
    retryEAGAIN,
    contentMode: 'buffer',
  } as const;
  const stream = openDestination(options);
  const drop = (lines: Buffer) => {
    dropped += linesIn(lines);
    bytesWaiting -= lines.length;
  };
  stream.on('drop', drop as never);
  stream.on('write', (bytes: number) => {
    bytesWaiting -= bytes;
  });
  // A full disk is tried again with the next lines; a reader that has gone does not come back. Neither ends the process.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    gone ||= error.code === 'EPIPE';
  });
  const write = (lines: Buffer) => {
    bytesWaiting += lines.length;
    if (gone) drop(lines);
    else stream.write(lines as never);
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

const NEWLINE = 0x0a;

function linesIn(lines: Buffer): number {
  let count = 0;
  for (let at = lines.indexOf(NEWLINE); at !== -1; at = lines.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}
