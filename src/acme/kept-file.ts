import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, unlink } from 'node:fs/promises';
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

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  // Some file systems have no such thing for folders.
  await handle.sync().catch(() => {});
  await handle.close();
}
