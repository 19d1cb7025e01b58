import { dirname, resolve } from 'node:path';
import { PathWatches, realPath } from '../config/path-watches.ts';
import { fingerprint } from '../geo/fingerprint.ts';

export type CertificateWatching = {
  /** The files that are named now. */
  readonly files: () => readonly string[];
  /** Reads them; resolves with whether they should be read once more soon, since something was wrong with them. */
  readonly look: () => Promise<boolean>;
  /** Files that have changed must stand still for so long before they are read: a chain that is being copied is not read half-way. */
  readonly settleMs?: number;
  /** What was wrong is looked at again after this long: of a pair, one file is written before the other. */
  readonly againMs?: number;
  /** How often to look whether something has changed where no event tells of it: network file systems have none. */
  readonly pollMs?: number;
};

const SETTLE_MS = 200;
const AGAIN_MS = 2000;
const POLL_MS = 5000;
/** Folders that are watched; files in others are found out by the poll. */
export const FOLDERS_MAX = 128;

/**
 * Watches PEM files until it is closed. Whoever renews certificates writes files, puts others in their place, or swaps a symbolic link in the
 * path, as Kubernetes does (`..data`); so what is watched are the folders of the paths and the folders where the files really lie.
 * Nothing is ever thrown out of here, and no process is kept alive.
 */
export function watchCertificates(options: CertificateWatching): CertificateWatch {
  const watcher = new CertificateWatcher(options);
  watcher.start();
  return { stir: () => watcher.stir(), close: () => watcher.close() };
}

/** `stir`: a file has changed, as far as somebody in this process knows. */
export type CertificateWatch = { readonly stir: () => void; readonly close: () => void };

class CertificateWatcher {
  readonly #options: CertificateWatching;
  readonly #watches = new PathWatches(() => this.#stirred());
  #folders = '';
  #timer: NodeJS.Timeout | undefined;
  #poll: NodeJS.Timeout | undefined;
  /** Fingerprints: of what was read last, and of what was there at the last tick. */
  #read: string | undefined;
  #seen: string | undefined;
  #doubtful = false;
  #busy = false;
  #closed = false;

  constructor(options: CertificateWatching) {
    this.#options = options;
  }

  start(): void {
    const { pollMs = POLL_MS } = this.#options;
    this.#watchFolders();
    this.#poll = setInterval(() => void this.#tick(), pollMs).unref();
    // They may have changed between being read for the start and being watched.
    this.#stirred();
  }

  stir(): void {
    this.#stirred();
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#poll);
    clearTimeout(this.#timer);
    this.#watches.close();
  }

  #stirred(ms = this.#options.settleMs ?? SETTLE_MS): void {
    if (this.#closed) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#tick();
    }, ms).unref();
  }

  async #tick(): Promise<void> {
    if (this.#busy || this.#closed) return;
    this.#busy = true;
    try {
      await this.#compare();
    } finally {
      this.#busy = false;
    }
  }

  async #compare(): Promise<void> {
    const files = this.#options.files();
    const print = files.length === 0 ? '' : `${files.join('\n')}\n${await fingerprint(files)}`;
    if (print !== this.#seen) {
      this.#seen = print;
      return this.#stirred();
    }
    if (print === this.#read && !this.#doubtful) return;
    this.#read = print;
    // Watched before it is read: what happens after the reading is then always seen.
    this.#watchFolders();
    this.#doubtful = await this.#options.look();
    if (this.#doubtful) this.#stirred(this.#options.againMs ?? AGAIN_MS);
  }

  #watchFolders(): void {
    const folders = new Set(
      this.#options.files().flatMap((file) => [dirname(resolve(file)), dirname(realPath(resolve(file)))]),
    );
    const key = [...folders].join('\n');
    if (key === this.#folders && !this.#watches.isEmpty) return;
    this.#folders = key;
    this.#watches.watch([...folders].slice(0, FOLDERS_MAX));
  }
}
