import { DatabaseSync } from 'node:sqlite';

/** A write that somebody else holds up for longer is tried again later. */
export const BUSY_MS = 200;

/** The file of an edge that is alone: a text by key. */
export class RecordFile {
  readonly #db: DatabaseSync;

  /** Opens or makes the file. Throws when it is no database, is damaged, or cannot be written. */
  constructor(path: string) {
    this.#db = opened(path);
  }

  all(): readonly (readonly [key: string, text: string])[] {
    const rows = this.#db.prepare('SELECT key, text FROM records_v1 ORDER BY key').all();
    return rows.map((row) => [String(row['key']), String(row['text'])] as const);
  }

  /** Throws when the file cannot be written. It is on the disk then, also after a power cut. */
  put(key: string, text: string): void {
    this.#db
      .prepare('INSERT INTO records_v1 (key, text) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET text = excluded.text')
      .run(key, text);
  }

  /** Throws when the file cannot be written. */
  delete(key: string): void {
    this.#db.prepare('DELETE FROM records_v1 WHERE key = ?').run(key);
  }

  close(): void {
    this.#db.close();
  }
}

function opened(path: string): DatabaseSync {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { timeout: BUSY_MS });
    db.exec(SCHEMA);
    const check = db.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
    if (check !== 'ok') throw new Error(String(check));
    return db;
  } catch (error) {
    db?.close();
    const cause = (error as Error).message;
    throw new Error(`${path} cannot hold the fleet's records: ${cause}; move it away to begin with none`, {
      cause: error,
    });
  }
}

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  CREATE TABLE IF NOT EXISTS records_v1 (key TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;
`;
