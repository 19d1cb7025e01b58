import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { type Copy, copyBytes, type HeaderLookup, serves, variantOf } from './copy.ts';
import { type CopyStore, type StoreLimits, VARIANTS_MAX } from './copy-store.ts';
import { AHEAD_MS_MAX } from './freshness.ts';

/** A write that another thread holds up for longer than this is given up: a copy less is better than a slow edge. */
export const BUSY_MS = 50;
/** Tries to open a file for the first time: all threads of an edge do it at once, and one of them makes it. A second at most. */
export const OPEN_TRIES_MAX = 20;
/** Rows that one write drops at most, so that a limit that was lowered does not stop the edge. */
export const DROPPED_AT_ONCE = 64;

/**
 * Copies in one file that all edge threads share and that outlives them. The oldest go first. The sums are kept by
 * triggers, inside the transaction of whoever writes, so the limits hold over all threads. It is a cache: after a power
 * cut the last writes may be missing, after a kill they are not (WAL, `synchronous = NORMAL`).
 */
export class SqliteStore implements CopyStore {
  readonly #limits: StoreLimits;
  readonly #db: DatabaseSync;
  readonly #q: Statements;
  #evicted = 0;

  /**
   * Opens or makes the file, in so many tries while others lock it; throws when it is no database or cannot be written.
   * Copies from after `nowMs` were made while the clock was ahead of what it is now: nobody knows how old they are, so they
   * are stale from now on.
   */
  constructor(path: string, limits: StoreLimits, about: { readonly nowMs?: number; readonly tries?: number } = {}) {
    this.#limits = limits;
    this.#db = opened(path, about.tries ?? OPEN_TRIES_MAX);
    try {
      this.#q = statementsOf(this.#db);
      if (about.nowMs !== undefined) this.#q.ageAhead.run({ now: about.nowMs, ahead: about.nowMs + AHEAD_MS_MAX });
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  get bytes(): number {
    return Number(this.#q.sums.get()?.['bytes'] ?? 0);
  }

  get entries(): number {
    return Number(this.#q.sums.get()?.['entries'] ?? 0);
  }

  get evicted(): number {
    return this.#evicted;
  }

  find(url: string, header: HeaderLookup, nowMs: number): Copy | undefined {
    for (const { id, vary } of this.#q.variants.iterate(url, nowMs)) {
      const varied = JSON.parse(vary as string) as Copy['vary'];
      if (!serves({ vary: varied } as Copy, header)) continue;
      const row = this.#q.row.get(id as number);
      return row === undefined ? undefined : copyOf(row, varied);
    }
    return undefined;
  }

  staleAtMs(url: string): number | undefined {
    return (this.#q.staleAt.get(url)?.['stale_at'] as number | null) ?? undefined;
  }

  put(url: string, copy: Copy): void {
    const bytes = copyBytes(url, copy);
    if (bytes > this.#limits.bytes) return;
    this.#inTransaction(() => {
      const variant = variantOf(copy);
      this.#q.dropVariant.run(url, variant);
      this.#q.dropOldVariants.run(url, url, VARIANTS_MAX - 1);
      this.#q.insert.run({
        url,
        variant,
        vary: JSON.stringify(copy.vary),
        bytes,
        status: copy.status,
        reason: copy.reason,
        headers: JSON.stringify(copy.headers),
        body: copy.body,
        born: copy.bornMs,
        staleAt: copy.staleAtMs,
        keptUntil: copy.keptUntilMs,
        mayBeStale: copy.mayBeStale ? 1 : 0,
        ifError: copy.ifErrorMs ?? null,
        whileRevalidate: copy.whileRevalidateMs ?? null,
      });
      this.#makeRoom();
    });
  }

  remove(url: string): void {
    this.#q.dropUrl.run(url);
  }

  purge(prefix: string): void {
    // Compared by its first characters, not with LIKE, for which % and _ in a URL would be patterns.
    this.#q.dropPrefix.run(prefix, prefix);
  }

  close(): void {
    this.#db.close();
  }

  #makeRoom(): void {
    for (let dropped = 0; dropped < DROPPED_AT_ONCE; dropped += 1) {
      const { bytes, entries } = this.#q.sums.get() as { bytes: number; entries: number };
      if (bytes <= this.#limits.bytes && entries <= this.#limits.entries) return;
      this.#q.dropOldest.run();
      this.#evicted += 1;
    }
  }

  #inTransaction(write: () => void): void {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      write();
      this.#db.exec('COMMIT');
    } catch (error) {
      // SQLite has rolled back by itself when the disk is full.
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }
}

/** Whether another connection stood in the way, so that the same may work a moment later. */
export function isBusy(error: unknown): boolean {
  // The low byte of an extended code is the code.
  const code = ((error as { errcode?: number }).errcode ?? 0) & 0xff;
  return code === SQLITE_BUSY || code === SQLITE_LOCKED;
}

const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;

/**
 * Switching a fresh file to WAL needs it for oneself, and SQLite says at once that it is locked when two try, whatever the
 * busy time: the loser tries again, and finds it done.
 */
function opened(path: string, triesMax: number): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: BUSY_MS });
  for (let tries = 1; ; tries += 1) {
    try {
      db.exec(SCHEMA);
      return db;
    } catch (error) {
      if (!isBusy(error) || tries >= triesMax) {
        db.close();
        throw error;
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, tries);
    }
  }
}

/** The first version kept copies under what a client said of its host, and of requests with bodies: they are not to be trusted. */
const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  DROP TABLE IF EXISTS copies_v1;
  DROP TABLE IF EXISTS sums_v1;
  CREATE TABLE IF NOT EXISTS copies_v2 (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL, variant TEXT NOT NULL, vary TEXT NOT NULL, bytes INTEGER NOT NULL,
    status INTEGER NOT NULL, reason TEXT NOT NULL, headers TEXT NOT NULL, body BLOB NOT NULL,
    born REAL NOT NULL, stale_at REAL NOT NULL, kept_until REAL NOT NULL,
    may_be_stale INTEGER NOT NULL, if_error REAL, while_revalidate REAL
  );
  CREATE UNIQUE INDEX IF NOT EXISTS copies_v2_url ON copies_v2 (url, variant);
  CREATE INDEX IF NOT EXISTS copies_v2_born ON copies_v2 (born);
  CREATE TABLE IF NOT EXISTS sums_v2 (one INTEGER PRIMARY KEY CHECK (one = 1), bytes INTEGER, entries INTEGER);
  INSERT OR IGNORE INTO sums_v2 VALUES (1, 0, 0);
  CREATE TRIGGER IF NOT EXISTS copies_v2_in AFTER INSERT ON copies_v2 BEGIN
    UPDATE sums_v2 SET bytes = bytes + new.bytes, entries = entries + 1;
  END;
  CREATE TRIGGER IF NOT EXISTS copies_v2_out AFTER DELETE ON copies_v2 BEGIN
    UPDATE sums_v2 SET bytes = bytes - old.bytes, entries = entries - 1;
  END;
`;

const QUERIES = {
  sums: 'SELECT bytes, entries FROM sums_v2',
  variants: 'SELECT id, vary FROM copies_v2 WHERE url = ? AND kept_until > ? ORDER BY born DESC',
  row: 'SELECT * FROM copies_v2 WHERE id = ?',
  staleAt: 'SELECT MAX(stale_at) AS stale_at FROM copies_v2 WHERE url = ?',
  insert: `INSERT INTO copies_v2 (url, variant, vary, bytes, status, reason, headers, body, born, stale_at, kept_until,
    may_be_stale, if_error, while_revalidate) VALUES (:url, :variant, :vary, :bytes, :status, :reason, :headers, :body,
    :born, :staleAt, :keptUntil, :mayBeStale, :ifError, :whileRevalidate)`,
  dropVariant: 'DELETE FROM copies_v2 WHERE url = ? AND variant = ?',
  dropOldVariants: `DELETE FROM copies_v2 WHERE url = ? AND id NOT IN
    (SELECT id FROM copies_v2 WHERE url = ? ORDER BY born DESC LIMIT ?)`,
  ageAhead: `UPDATE copies_v2 SET kept_until = CASE WHEN may_be_stale THEN :now + kept_until - stale_at ELSE :now END,
    born = :now + born - stale_at, stale_at = :now WHERE born > :ahead`,
  dropUrl: 'DELETE FROM copies_v2 WHERE url = ?',
  dropPrefix: 'DELETE FROM copies_v2 WHERE substr(url, 1, length(?)) = ?',
  dropOldest: 'DELETE FROM copies_v2 WHERE id = (SELECT id FROM copies_v2 ORDER BY born LIMIT 1)',
} as const;

type Statements = Readonly<Record<keyof typeof QUERIES, StatementSync>>;

function statementsOf(db: DatabaseSync): Statements {
  return Object.fromEntries(Object.entries(QUERIES).map(([name, sql]) => [name, db.prepare(sql)])) as Statements;
}

function copyOf(row: Record<string, unknown>, vary: Copy['vary']): Copy {
  const body = row['body'] as Uint8Array;
  return {
    status: row['status'] as number,
    reason: row['reason'] as string,
    headers: JSON.parse(row['headers'] as string) as string[],
    body: Buffer.from(body.buffer, body.byteOffset, body.byteLength),
    vary,
    bornMs: row['born'] as number,
    staleAtMs: row['stale_at'] as number,
    keptUntilMs: row['kept_until'] as number,
    mayBeStale: row['may_be_stale'] === 1,
    ifErrorMs: (row['if_error'] as number | null) ?? undefined,
    whileRevalidateMs: (row['while_revalidate'] as number | null) ?? undefined,
  };
}
