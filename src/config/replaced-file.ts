import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Names of files that whoever was killed in the middle of `replaceFile` has left. */
export const LEFT_BEHIND: RegExp = /^\..*\.[0-9a-f]{12}\.tmp$/;

/**
 * Puts a content in the place of a file, in a folder that there is. Whoever is killed in the middle leaves the file as it was, or as it is to
 * be: the content is on the disk before it has the name, and the name before this resolves. Rejects as `node:fs` does, and leaves nothing then.
 */
export async function replaceFile(file: string, content: string | Uint8Array, mode: number): Promise<void> {
  const folder = dirname(file);
  const beside = join(folder, `.${basename(file)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const handle = await open(beside, 'wx', mode);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
  await syncFolder(folder);
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  // Some file systems have no such thing for folders.
  await handle.sync().catch(() => {});
  await handle.close();
}
