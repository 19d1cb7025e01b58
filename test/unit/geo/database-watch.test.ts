import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { DatabaseFile } from '../../../src/geo/database-file.ts';
import { readDatabase } from '../../../src/geo/database-file.ts';
import { watchDatabase } from '../../../src/geo/database-watch.ts';
import { writeMmdb } from './mmdb-writer.ts';

function databaseOf(country: string): Buffer {
  return writeMmdb({ '9.0.0.0/8': { country_code: country } }, { ipVersion: 6 });
}

let directory: string;
let file: string;
let outcomes: string[];
let watching: { close(): void } | undefined;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'meridian-watch-'));
  file = join(directory, 'geo.mmdb');
  outcomes = [];
  await writeFile(file, databaseOf('SE'));
});

afterEach(async () => {
  watching?.close();
  watching = undefined;
  await rm(directory, { recursive: true });
});

async function watchFile(choice = file, pollMs = 60_000): Promise<void> {
  const current = await readDatabase(choice);
  const onSwap = ({ database }: DatabaseFile): void => {
    outcomes.push(database.lookup('9.9.9.9')?.country ?? 'nowhere');
  };
  const onReject = (error: Error): void => {
    outcomes.push(error.message);
  };
  watching = watchDatabase({ choice, current, onSwap, onReject, settleMs: 20, pollMs });
}

/** Puts a file in place in one step, as tools that update databases do. */
async function replace(bytes: Buffer | string): Promise<void> {
  await writeFile(join(directory, 'new'), bytes);
  await rename(join(directory, 'new'), file);
}

async function expectOutcomes(expected: readonly unknown[]): Promise<void> {
  await vi.waitFor(() => expect(outcomes).toEqual(expected), { timeout: 5000, interval: 5 });
}

describe('a replacement', () => {
  test('by rename is swapped in, and the next one too', async () => {
    await watchFile();
    await replace(databaseOf('NO'));
    await expectOutcomes(['NO']);
    await replace(databaseOf('DK'));
    await expectOutcomes(['NO', 'DK']);
  });

  test('written in place is swapped in', async () => {
    await watchFile();
    await writeFile(file, databaseOf('NO'));
    await expectOutcomes(['NO']);
  });

  test('with the same content is no swap', async () => {
    await watchFile();
    await replace(databaseOf('SE'));
    // A slower watcher, to which the content is new, calls when the time of the first one is over.
    const slower: string[] = [];
    const onSwap = (): void => {
      slower.push('swapped');
    };
    const current = { ...(await readDatabase(file)), print: '', sha256: 'another' };
    const second = watchDatabase({ choice: file, current, onSwap, onReject: () => undefined, settleMs: 100 });
    await vi.waitFor(() => expect(slower).toEqual(['swapped']), { timeout: 5000, interval: 5 });
    second.close();
    expect(outcomes).toEqual([]);
    await replace(databaseOf('FI'));
    await expectOutcomes(['FI']);
  });

  test('that is corrupt is rejected once, and the next good one is taken', async () => {
    await watchFile();
    await replace('<html>404</html>');
    await expectOutcomes([expect.stringContaining('is not a MaxMind-format database')]);
    await replace(databaseOf('NO'));
    await expectOutcomes([expect.any(String), 'NO']);
  });

  test('may take its time: a missing file is reported and its return is noticed', async () => {
    await watchFile();
    await rm(file);
    await expectOutcomes([expect.stringContaining('cannot be read (ENOENT)')]);
    await replace(databaseOf('NO'));
    await expectOutcomes([expect.any(String), 'NO']);
  });

  test('is what makes it read the file again, and not that it begins to watch', async () => {
    const current = { ...(await readDatabase(file)), sha256: 'another' };
    const swapped: string[] = [];
    const watched = (name: string, print: string, settleMs: number) => {
      const onSwap = () => void swapped.push(name);
      return watchDatabase({
        choice: file,
        current: { ...current, print },
        onSwap,
        onReject: () => undefined,
        settleMs,
      });
    };
    const watches = [watched('the same', current.print, 20), watched('another', '', 100)];
    await vi.waitFor(() => expect(swapped).toEqual(['another']), { timeout: 5000, interval: 5 });
    for (const one of watches) one.close();
  });

  test('between reading and watching is noticed', async () => {
    const current = await readDatabase(file);
    await replace(databaseOf('NO'));
    const onSwap = ({ database }: DatabaseFile) => outcomes.push(database.lookup('9.9.9.9')?.country ?? '');
    watching = watchDatabase({ choice: file, current, onSwap, onReject: () => undefined, settleMs: 20 });
    await expectOutcomes(['NO']);
  });
});

test('a symlink swapped as Kubernetes does it counts as a change', async () => {
  for (const [version, country] of [
    ['..v1', 'SE'],
    ['..v2', 'NO'],
  ] as const) {
    await mkdir(join(directory, version));
    await writeFile(join(directory, version, 'mounted.mmdb'), databaseOf(country));
  }
  await symlink('..v1', join(directory, '..data'));
  await symlink('..data/mounted.mmdb', join(directory, 'mounted.mmdb'));
  await watchFile(join(directory, 'mounted.mmdb'));
  await symlink('..v2', join(directory, '..data_tmp'));
  await rename(join(directory, '..data_tmp'), join(directory, '..data'));
  await expectOutcomes(['NO']);
});

test('a change behind an outer symlink, which sends no event, is found by polling', async () => {
  for (const [version, country] of [
    ['v1', 'SE'],
    ['v2', 'NO'],
  ] as const) {
    await mkdir(join(directory, version));
    await writeFile(join(directory, version, 'geo.mmdb'), databaseOf(country));
  }
  await symlink('v1', join(directory, 'current'));
  await watchFile(join(directory, 'current', 'geo.mmdb'), 20);
  await symlink('v2', join(directory, 'next'));
  await rename(join(directory, 'next'), join(directory, 'current'));
  await expectOutcomes(['NO']);
});

test('nothing is called after close', async () => {
  await watchFile();
  watching?.close();
  const [second, current] = [[] as string[], await readDatabase(file)];
  await replace(databaseOf('NO'));
  // A second watcher of the same directory sees the change; by then the closed one would have seen it as well.
  const onSwap = (): void => {
    second.push('swapped');
  };
  watching = watchDatabase({ choice: file, current, onSwap, onReject: () => undefined, settleMs: 60 });
  await vi.waitFor(() => expect(second).toEqual(['swapped']), { timeout: 5000, interval: 5 });
  expect(outcomes).toEqual([]);
});
