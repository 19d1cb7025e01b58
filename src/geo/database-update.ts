import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { readRegularFile } from '../config/regular-file.ts';
import { replaceFile } from '../config/replaced-file.ts';
import { DATABASE_BYTES_MAX, readDatabase } from './database-file.ts';
import { type GeoDatabase, openDatabase } from './maxmind.ts';

/** What became of an update. `before` is when the one that was there was built; undefined when there was none that is good. */
export type Updated = {
  readonly source: string;
  readonly database: GeoDatabase;
  readonly beforeMs: number | undefined;
};

/**
 * Puts a newer database in the place of one: `from` is an .mmdb file, the same compressed (.mmdb.gz), or the folder of a package
 * with one such file in it. It is opened and tried before anything is written, written beside the old one and renamed, so
 * that whoever reads, also a Meridian that runs, finds the old one or the new one. Rejects with one sentence otherwise; an
 * older one is refused unless `force` says that it is meant.
 */
export async function updateDatabase(from: string, to: string, { force = false } = {}): Promise<Updated> {
  const source = await fileIn(from);
  const bytes = await bytesOf(source);
  const database = openDatabase(bytes, source);
  const beforeMs = await readDatabase(to).then(
    (before) => before.database.builtAtMs,
    () => undefined,
  );
  if (beforeMs !== undefined && database.builtAtMs < beforeMs && !force) {
    throw new Error(
      `${source} is of ${dayOf(database.builtAtMs)} and older than ${to} of ${dayOf(beforeMs)}; --force takes it all the same`,
    );
  }
  await swapIn(bytes, to);
  return { source, database, beforeMs };
}

/** The day of a date, as people write it. */
export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** The file itself, or the one database in a folder. */
async function fileIn(path: string): Promise<string> {
  const about = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${path} cannot be read (${error.code}); check the path`, { cause: error });
  });
  if (!about.isDirectory()) return path;
  const found = (await readdir(path)).filter((name) => /\.mmdb(?:\.gz)?$/.test(name)).sort();
  const [only] = found;
  if (only === undefined) throw new Error(`there is no .mmdb file in ${path}; name the file`);
  if (found.length > 1)
    throw new Error(`there are ${found.length} databases in ${path}; name one: ${found.join(', ')}`);
  return join(path, only);
}

async function bytesOf(source: string): Promise<Buffer> {
  const bytes = await readRegularFile(source, DATABASE_BYTES_MAX).catch((error: Error) => {
    throw new Error(`${source} cannot be read: ${error.message}`, { cause: error });
  });
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  return promisify(gunzip)(bytes, { maxOutputLength: DATABASE_BYTES_MAX }).catch((error: Error) => {
    throw new Error(`${source} cannot be unpacked: ${error.message}; download it again`, { cause: error });
  });
}

async function swapIn(bytes: Buffer, to: string): Promise<void> {
  try {
    await replaceFile(to, bytes, 0o644);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    throw new Error(
      `${to} cannot be replaced (${code}); let the user that runs this write to its folder, or name another file with --to`,
      { cause: error },
    );
  }
}
