import { type FSWatcher, realpathSync, watch } from 'node:fs';

/** The system's watches on some paths, which say that something has happened there and no more. They keep no process alive, and throw nothing. */
export class PathWatches {
  readonly #stirred: () => void;
  #watchers: FSWatcher[] = [];

  constructor(stirred: () => void) {
    this.#stirred = stirred;
  }

  get isEmpty(): boolean {
    return this.#watchers.length === 0;
  }

  /** Watches these, and nothing that was watched before. A path that cannot be watched is left out: who watches has to look now and then, too. */
  watch(paths: Iterable<string>): void {
    this.close();
    for (const path of paths) {
      try {
        const watcher = watch(path, { persistent: false }, () => this.#stirred());
        watcher.on('error', () => watcher.close());
        this.#watchers.push(watcher);
      } catch {
        // It is not there yet, or the system has no watches left.
      }
    }
  }

  close(): void {
    for (const watcher of this.#watchers) watcher.close();
    this.#watchers = [];
  }
}

/** Where a path really lies, behind symbolic links; itself where nothing is. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
