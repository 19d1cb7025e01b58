import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { readRegularFile } from '../config/regular-file.ts';

const BYTES_MAX = 256 * 1024;

/** What is in a file; undefined when there is none. Rejects when it cannot be read. */
export async function readKept(file: string): Promise<string | undefined> {
  try {
    return (await readRegularFile(file, BYTES_MAX)).toString('utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Puts a text in the place of a file, for this user only. Whoever is killed in the middle leaves the file as it was, or as it is to be: the text is
 * on the disk before it has the name, and the name before this resolves.
 */
export async function writeKept(file: string, text: string): Promise<void> {
  const folder = dirname(file);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const beside = join(folder, `.${basename(file)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const handle = await open(beside, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, file);
  } catch (error) {
    await removeKept(beside);
    throw error;
  }
  await syncFolder(folder);
}

export async function removeKept(file: string): Promise<void> {
  await unlink(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}

/** Rejects when nothing could be kept in a folder: to be found out before something comes that must be. */
export async function checkKeeping(folder: string): Promise<void> {
  const file = join(folder, 'may-be-written');
  await writeKept(file, '');
  await removeKept(file);
}

/** So old is nothing that somebody still writes. */
const LEFT_MS = 3_600_000;

/** Removes what somebody was killed over: it may hold a key. */
export async function sweepKept(folder: string, wallMs: number): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((one) => /^\..*\.[0-9a-f]{12}\.tmp$/.test(one))) {
    const file = join(folder, name);
    const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: wallMs }));
    if (mtimeMs < wallMs - LEFT_MS) await removeKept(file).catch(() => {});
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  // Some file systems have no such thing for folders.
  await handle.sync().catch(() => {});
  await handle.close();
}
