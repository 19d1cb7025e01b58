import { createHash } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { FILE_BYTES_MAX, readConfigFile } from './config-file.ts';
import { PathWatches, realPath } from './path-watches.ts';
import { readRegularFileSync } from './regular-file.ts';

export type WatchOptions = {
  /** The file is read once it has been quiet for this long; 100 ms. */
  readonly settleMs?: number;
  /** Network file systems send no events, so the file is also looked at this often; 5 s. */
  readonly pollMs?: number;
  /** Called when `onChange` throws, which is otherwise ignored. */
  readonly onError?: (error: unknown) => void;
};

export type Watching = { readonly close: () => void };

/** A file that is written to without a pause is read after this many settling times all the same. */
const SETTLES_MAX = 10;

/**
 * Calls `onChange` with the text of a file each time its content is another than before. Start it before the file is
 * loaded, so that a change in between is seen. A file that is missing or unreadable for a while is waited for.
 *
 * Editors and Kubernetes do not write a file, they put another in its place: a rename, or a symbolic link in the path
 * that is swapped. So what is watched is the directory of the path, the directory it really lies in, and the file itself
 * (a bind mount shows its changes only there). Every watch is set anew before each reading: what happens after the
 * reading is then always seen. Nothing is ever thrown out of here.
 */
export function watchFile(path: string, onChange: (text: string) => void, options: WatchOptions = {}): Watching {
  const watching = new FileWatch(resolve(path), onChange, options);
  return { close: () => watching.close() };
}

class FileWatch {
  readonly #path: string;
  readonly #onChange: (text: string) => void;
  readonly #onError: (error: unknown) => void;
  readonly #settleMs: number;
  readonly #poll: NodeJS.Timeout;
  readonly #watches = new PathWatches(() => this.#stirred());
  #seen: string | undefined;
  #settling: NodeJS.Timeout | undefined;
  #settles = 0;
  #reading = false;
  #again = false;
  #closed = false;

  constructor(path: string, onChange: (text: string) => void, options: WatchOptions) {
    this.#path = path;
    this.#onChange = onChange;
    this.#onError = options.onError ?? (() => {});
    this.#settleMs = options.settleMs ?? 100;
    this.#watch();
    this.#seen = hashOf(readNow(path));
    this.#poll = setInterval(() => void this.#check(), options.pollMs ?? 5000);
    this.#poll.unref();
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#poll);
    clearTimeout(this.#settling);
    this.#watches.close();
  }

  #watch(): void {
    const real = realPath(this.#path);
    this.#watches.watch(new Set([dirname(this.#path), dirname(real), real]));
  }

  #stirred(): void {
    if (this.#closed) return;
    if (this.#settling === undefined) {
      this.#settles = 0;
      this.#settling = setTimeout(() => void this.#check(), this.#settleMs);
      this.#settling.unref();
    } else if (this.#settles < SETTLES_MAX) {
      this.#settles += 1;
      this.#settling.refresh();
    }
  }

  /** Reads the file; one reading at a time, and one more when something happened during it. */
  async #check(): Promise<void> {
    clearTimeout(this.#settling);
    this.#settling = undefined;
    this.#again = this.#reading;
    if (this.#closed || this.#reading) return;
    this.#reading = true;
    this.#watch();
    const read = await readConfigFile(this.#path);
    this.#reading = false;
    if (this.#closed) return;
    if (read.ok) this.#compare(read.text);
    if (this.#again) await this.#check();
  }

  #compare(text: string): void {
    const hash = hashOf(text);
    if (hash === this.#seen) return;
    this.#seen = hash;
    try {
      this.#onChange(text);
    } catch (error) {
      this.#onError(error);
    }
  }
}

function readNow(path: string): string | undefined {
  try {
    return readRegularFileSync(path, FILE_BYTES_MAX).toString('utf8');
  } catch {
    return undefined;
  }
}

function hashOf(text: string | undefined): string | undefined {
  return text === undefined ? undefined : createHash('sha256').update(text).digest('base64');
}
