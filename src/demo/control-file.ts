import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { open, unlink } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** How a second process finds a running demo and proves that it may talk to it. */
export type ControlFile = { readonly pid: number; readonly port: number; readonly token: string };

const FILE_BYTES_MAX = 1024;

/** The file of this user's demo. It is in a folder that others may write to, so what is read there is not believed. */
export function controlFilePath(): string {
  return join(tmpdir(), `meridian-demo-${userInfo().username.replaceAll(/[^\w.-]/g, '_')}.json`);
}

/** A secret of 192 random bits, for one run of a demo. */
export function newToken(): string {
  return randomBytes(24).toString('base64url');
}

/** Writes the file, readable by its owner only. False when there is one already. */
export async function writeControlFile(path: string, content: ControlFile): Promise<boolean> {
  try {
    // Exclusive: never follows a link that somebody else has put there.
    const handle = await open(path, 'wx', 0o600);
    await handle.writeFile(`${JSON.stringify(content)}\n`);
    await handle.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** What the file says; undefined when there is none, or one that no demo of this user wrote. */
export async function readControlFile(path: string): Promise<ControlFile | undefined> {
  try {
    const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      const { uid, size } = await handle.stat();
      const ours = process.getuid === undefined || uid === process.getuid();
      return ours && size <= FILE_BYTES_MAX ? contentOf(await handle.readFile('utf8')) : undefined;
    } finally {
      await handle.close();
    }
  } catch {
    return undefined;
  }
}

/** Removes the file if it still says what it did; a demo that came later keeps its own. */
export async function removeControlFile(path: string, token: string): Promise<void> {
  const found = await readControlFile(path);
  if (found?.token === token) await unlink(path).catch(() => {});
}

function contentOf(text: string): ControlFile | undefined {
  const value = JSON.parse(text) as Partial<Record<keyof ControlFile, unknown>> | null;
  const { pid, port, token } = value ?? {};
  if (typeof pid !== 'number' || typeof token !== 'string') return undefined;
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65_535) return undefined;
  return { pid, port, token };
}
