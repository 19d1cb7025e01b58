import { realpath, stat } from 'node:fs/promises';

/** What changes when one of the files is replaced or written: the target of the path, its inode, its size and its times. */
export async function fingerprint(files: readonly string[]): Promise<string> {
  return (await Promise.all(files.map(printOf))).join('\n');
}

async function printOf(file: string): Promise<string> {
  try {
    const target = await realpath(file);
    const { dev, ino, size, mtimeMs, ctimeMs } = await stat(target);
    return [target, dev, ino, size, mtimeMs, ctimeMs].join(' ');
  } catch {
    return 'missing';
  }
}
