/*
 * Notices that a database file was replaced, and hands over the new one only when it is good.
 *
 * The directory is watched, not the file: a replacement by rename has another inode, and Kubernetes swaps a symlink
 * beside the file. Any event there asks for a look; a slow poll asks as well, for file systems and outer symlinks that
 * send no events. A look compares a fingerprint (target, inode, size, time of change). A changed file is read once its
 * fingerprint has stood still for the settling time, so that a file being copied in place is not read half-way.
 * Whatever happens, the process lives on: the old database serves until a good one is there.
 */

import type { FSWatcher } from 'node:fs';
import { watch } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseFile } from './database-file.ts';
import { databasePaths, readDatabase } from './database-file.ts';
import { fingerprint } from './fingerprint.ts';

export type DatabaseWatch = {
  /** What `geo.database` says: `builtin` or a path. */
  readonly choice: string;
  /** The database in use, so that the same content written again is no swap. */
  readonly current: DatabaseFile;
  readonly onSwap: (next: DatabaseFile) => void;
  /** The file changed but is not usable; the one in use stays. Called once per change. */
  readonly onReject: (error: Error) => void;
  /** How long a changed file must stand still before it is read. */
  readonly settleMs?: number;
  /** How often to look when no change has been notified. */
  readonly pollMs?: number;
};

const SETTLE_MS = 500;
const POLL_MS = 60_000;

/** Watches until `close` is called; after that no callback is called any more. Keeps no process alive by itself. */
export function watchDatabase(options: DatabaseWatch): { close(): void } {
  const watcher = new DatabaseWatcher(options);
  watcher.start();
  return { close: () => watcher.close() };
}

class DatabaseWatcher {
  readonly #options: DatabaseWatch;
  readonly #files: readonly string[];
  readonly #settleMs: number;
  #current: DatabaseFile;
  /** Fingerprints: the one dealt with last, the one that is waited on, and the one that stood still long enough. */
  #seen: string | undefined;
  #settling: string | undefined;
  #settled: string | undefined;
  #looking = false;
  #again = false;
  #closed = false;
  #events: FSWatcher | undefined;
  #poll: NodeJS.Timeout | undefined;
  #settle: NodeJS.Timeout | undefined;

  constructor(options: DatabaseWatch) {
    this.#options = options;
    this.#files = databasePaths(options.choice);
    this.#settleMs = options.settleMs ?? SETTLE_MS;
    this.#current = options.current;
    this.#seen = options.current.print;
  }

  start(): void {
    this.#watchDirectory();
    this.#poll = setInterval(() => this.#look(), this.#options.pollMs ?? POLL_MS).unref();
    // The file may have changed between reading it and watching it.
    this.#look();
  }

  close(): void {
    this.#closed = true;
    this.#events?.close();
    clearInterval(this.#poll);
    clearTimeout(this.#settle);
  }

  #watchDirectory(): void {
    try {
      this.#events = watch(dirname(this.#files[0] ?? '.'), { persistent: false }, () => this.#look());
      this.#events.on('error', () => this.#events?.close()); // The directory is gone; the poll goes on.
    } catch {
      // No such directory, or no watches left: the poll alone notices changes.
    }
  }

  /** Looks, one look at a time; a call during a look makes another follow. */
  #look(): void {
    this.#again = true;
    if (this.#looking) return;
    this.#looking = true;
    void this.#lookUntilQuiet().finally(() => {
      this.#looking = false;
    });
  }

  async #lookUntilQuiet(): Promise<void> {
    while (this.#again && !this.#closed) {
      this.#again = false;
      const print = await fingerprint(this.#files);
      if (this.#closed) return;
      if (print === this.#seen) this.#settling = undefined;
      else if (print === this.#settled) await this.#load(print);
      else if (print !== this.#settling) this.#wait(print);
    }
  }

  #wait(print: string): void {
    this.#settling = print;
    clearTimeout(this.#settle);
    this.#settle = setTimeout(() => {
      this.#settled = print;
      this.#look();
    }, this.#settleMs).unref();
  }

  async #load(print: string): Promise<void> {
    this.#seen = print;
    this.#settling = undefined;
    this.#settled = undefined;
    const next = await readDatabase(this.#options.choice).catch((error: unknown) => asError(error));
    if (this.#closed) return;
    if (next instanceof Error) {
      this.#options.onReject(next);
      return;
    }
    if (next.sha256 === this.#current.sha256) return;
    this.#current = next;
    this.#options.onSwap(next);
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
