import { mkdir, readdir, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readRegularFile } from '../config/regular-file.ts';
import { LEFT_BEHIND, replaceFile } from '../config/replaced-file.ts';

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

/** Puts a text in the place of a file, for this user only, as `replaceFile` does. */
export async function writeKept(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await replaceFile(file, text, 0o600);
}

/** Removes a file, if it is there. */
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
  for (const name of names.filter((one) => LEFT_BEHIND.test(one))) {
    const file = join(folder, name);
    const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: wallMs }));
    if (mtimeMs < wallMs - LEFT_MS) await removeKept(file).catch(() => {});
  }
}
