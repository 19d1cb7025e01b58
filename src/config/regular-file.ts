import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { sizeText } from './size.ts';

/*
 * How a file that a configuration names is read: a regular file, up to a size. A device such as /dev/zero has no end, and
 * opening a pipe waits for whoever writes, so neither may be read, nor opened in a way that waits.
 */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK;

/** Bytes that are asked for at a time beyond what the file says of its size. */
const CHUNK_BYTES = 64 * 1024;

/** Opens a regular file for reading. Rejects with what the system says, or with a sentence about what it is instead. */
export async function openRegularFile(path: string): Promise<FileHandle> {
  const handle = await open(path, FLAGS);
  try {
    refuseOthers(await handle.stat());
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The bytes of a regular file of at most `bytesMax`. */
export async function readRegularFile(path: string, bytesMax: number): Promise<Buffer> {
  const handle = await openRegularFile(path);
  try {
    const { size } = await handle.stat();
    if (size > bytesMax) throw tooLarge(bytesMax);
    const all = new Growing(size, bytesMax);
    for (;;) {
      const room = all.room();
      const { bytesRead } = await handle.read(room, 0, room.length, null);
      if (bytesRead === 0) return all.bytes();
      all.took(bytesRead);
    }
  } finally {
    await handle.close();
  }
}

/** The same at once, for small files that a value is made of. */
export function readRegularFileSync(path: string, bytesMax: number): Buffer {
  const file = openSync(path, FLAGS);
  try {
    const about = fstatSync(file);
    refuseOthers(about);
    if (about.size > bytesMax) throw tooLarge(bytesMax);
    const all = new Growing(about.size, bytesMax);
    for (;;) {
      const bytesRead = readSync(file, all.room());
      if (bytesRead === 0) return all.bytes();
      all.took(bytesRead);
    }
  } finally {
    closeSync(file);
  }
}

/** What has been read. Files of the kernel's own say that they have no size, and a file may grow while it is read. */
class Growing {
  readonly #bytesMax: number;
  #buffer: Buffer;
  #length = 0;

  constructor(size: number, bytesMax: number) {
    this.#bytesMax = bytesMax;
    this.#buffer = Buffer.alloc(size + 1);
  }

  room(): Buffer {
    if (this.#length === this.#buffer.length) this.#buffer = Buffer.concat([this.#buffer, Buffer.alloc(CHUNK_BYTES)]);
    return this.#buffer.subarray(this.#length);
  }

  took(bytes: number): void {
    this.#length += bytes;
    if (this.#length > this.#bytesMax) throw tooLarge(this.#bytesMax);
  }

  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }
}

function refuseOthers(about: Stats): void {
  if (about.isDirectory()) throw Object.assign(new Error('it is a directory'), { code: 'EISDIR' });
  if (!about.isFile()) throw new Error('it is a device or a pipe; name a regular file');
}

function tooLarge(bytesMax: number): Error {
  return new Error(`it is larger than ${sizeText(bytesMax)}, the most that is read; is it the right file?`);
}
