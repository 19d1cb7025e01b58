import { openSync, write, writeSync } from 'node:fs';
import { type LineRing, RING_BYTES } from '../table/line-ring.ts';
import { startTimer, stopTimer, type Timer } from '../table/timers.ts';

/**
 * After the first line, the writer waits this long for more, and writes them together; and so after each round, as long as lines come. A
 * write is handed to another thread and costs as much as several requests, whether it has one line or hundreds.
 */
const COLLECT_MS = 10;
/** A ring that had so many bytes is looked at again at once: it fills faster than is waited for. */
const MUCH_BYTES = RING_BYTES / 4;
/** An output that takes nothing, since it is a full pipe or a full disk, is tried again after this time. */
const RETRY_MS = 100;
/** How long a flush waits for whoever reads. */
const FLUSH_MS = 2000;
/** Tries at exit, `RETRY_MS` apart, to write what is left. */
const EXIT_TRIES_MAX = 20;

/**
 * Writes the lines of all threads to one output, straight out of their rings: nothing is copied, and the memory is free again
 * when the output has taken it. There is one write at a time and a piece of a ring is written to its end before the next begins,
 * so that lines stay whole also where the output takes half of one. Nobody ever waits for the output; when it takes nothing, the
 * rings fill and refuse lines, which whoever writes to them counts.
 */
export class LogWriter {
  readonly #fd: number;
  readonly #rings: LineRing[] = [];
  #timer: Timer | undefined;
  #writing: Writing | undefined;
  /** The ring that is looked at next in this round, and whether the round found anything, or much. */
  #at = 0;
  #found: 'nothing' | 'lines' | 'much' = 'nothing';
  #gone = false;
  #dropped = 0;
  readonly #idle: (() => void)[] = [];

  /** @param output a file descriptor, or a path, which is made if need be and written to at its end */
  constructor(output: number | string) {
    this.#fd = typeof output === 'number' ? output : openSync(output, 'a');
    process.on('exit', () => this.#writeRest());
  }

  /** From now on, lines of this ring are written too. */
  carry(ring: LineRing): void {
    this.#rings.push(ring);
  }

  /** There are lines in a ring, or may be. */
  announced(): void {
    if (this.#writing === undefined) this.#timer ??= startTimer(COLLECT_MS, this.#round, undefined);
  }

  /** Lines that were thrown away, since whoever read the output has gone. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Resolves when all lines are written, or after `FLUSH_MS`. */
  async flush(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#idle.push(resolve);
    if (this.#writing === undefined) this.#round();
    const timer = startTimer(FLUSH_MS, resolve, undefined);
    await promise;
    stopTimer(timer);
  }

  /** Looks at all rings in turn, from the first on. */
  readonly #round = (): void => {
    stopTimer(this.#timer);
    this.#timer = undefined;
    this.#at = 0;
    this.#found = 'nothing';
    this.#next();
  };

  #next(): void {
    for (; this.#at < this.#rings.length; this.#at += 1) {
      const ring = this.#rings[this.#at] as LineRing;
      const piece = ring.peek();
      if (piece === undefined) continue;
      if (piece.to - piece.from >= MUCH_BYTES) this.#found = 'much';
      else if (this.#found === 'nothing') this.#found = 'lines';
      this.#writing = { ring, at: piece.from, to: piece.to };
      this.#at += 1;
      return this.#write();
    }
    this.#writing = undefined;
    this.#afterRound();
  }

  #afterRound(): void {
    // The end of a ring's memory may be between what was written and the rest: who flushes wants both.
    if (this.#found === 'much' || (this.#found === 'lines' && this.#idle.length > 0)) return this.#round();
    if (this.#found === 'lines') this.#timer = startTimer(COLLECT_MS, this.#round, undefined);
    for (const idle of this.#idle.splice(0)) idle();
  }

  readonly #write = (): void => {
    const { ring, at, to } = this.#writing as Writing;
    if (!this.#gone) return write(this.#fd, ring.bytes, at, to - at, null, this.#written);
    this.#dropped += linesIn(ring.bytes.subarray(at, to));
    ring.release(to);
    this.#next();
  };

  readonly #written = (error: NodeJS.ErrnoException | null, count: number): void => {
    const writing = this.#writing as Writing;
    if (error === null) {
      writing.at += count;
      if (writing.at < writing.to) return this.#write();
      writing.ring.release(writing.to);
      return this.#next();
    }
    // A full disk or pipe is tried again; a reader that has gone does not come back. Neither ends the process.
    this.#gone ||= error.code === 'EPIPE';
    if (this.#gone) return this.#write();
    this.#timer = startTimer(RETRY_MS, this.#write, undefined);
  };

  /** At exit: what is left is written without the event loop. A write that is under way counts as done. */
  #writeRest(): void {
    const writing = this.#writing;
    if (writing !== undefined) writing.ring.release(this.#timer === undefined ? writing.to : writing.at);
    const tries = { left: EXIT_TRIES_MAX };
    for (const ring of this.#rings) {
      for (let piece = ring.peek(); piece !== undefined && !this.#gone; piece = ring.peek()) {
        if (!writeNow(this.#fd, ring.bytes.subarray(piece.from, piece.to), tries)) return;
        ring.release(piece.to);
      }
    }
  }
}

/** Writes all of `lines` and waits for it as long as there are tries left; false when the output did not take it. */
function writeNow(fd: number, lines: Buffer, tries: { left: number }): boolean {
  let at = 0;
  while (at < lines.length && tries.left > 0) at += writeSome(fd, lines.subarray(at), tries);
  return at === lines.length;
}

function writeSome(fd: number, lines: Buffer, tries: { left: number }): number {
  try {
    return writeSync(fd, lines);
  } catch (error) {
    const full = (error as NodeJS.ErrnoException).code === 'EAGAIN';
    tries.left = full ? tries.left - 1 : 0;
    if (full) Atomics.wait(SLEEP, 0, 0, RETRY_MS);
    return 0;
  }
}

const SLEEP = new Int32Array(new SharedArrayBuffer(4));
const NEWLINE = 0x0a;

function linesIn(lines: Buffer): number {
  let count = 0;
  for (let at = lines.indexOf(NEWLINE); at !== -1; at = lines.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}

/** The piece of a ring that is being written, and how far. */
type Writing = { readonly ring: LineRing; at: number; readonly to: number };
