import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type WatchOptions, watchFile } from '../../../src/config/watch.ts';

/** A directory, and a list of what the watch told, which can be waited for. */
function stage() {
  const dir = mkdtempSync(join(tmpdir(), 'meridian-watch-'));
  const told: string[] = [];
  const waiting: (() => void)[] = [];
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return {
    dir,
    file: join(dir, 'meridian.yaml'),
    told,
    watch: (path: string, options: WatchOptions = {}) => {
      const onChange = (text: string) => {
        told.push(text);
        for (const wake of waiting.splice(0)) wake();
      };
      // The poll is put out of the way unless a test is about it: it must not hide that an event was missed.
      const watching = watchFile(path, onChange, { settleMs: 10, pollMs: 3_600_000, ...options });
      onTestFinished(() => watching.close());
      return watching;
    },
    until: async (count: number) => {
      while (told.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
}

test('a file that is written is noticed, once for each content', async () => {
  const { file, watch, told, until } = stage();
  writeFileSync(file, 'one');
  watch(file);
  writeFileSync(file, 'two');
  await until(1);
  writeFileSync(file, 'two');
  writeFileSync(file, 'three');
  await until(2);
  expect(told).toEqual(['two', 'three']);
});

test('a file that is looked at without having changed is not told about', async () => {
  const { file, watch, told } = stage();
  const witness = stage();
  writeFileSync(file, 'one');
  watch(file, { pollMs: 1 });
  // The witness speaks 50 ms after the write, when the other has looked at the same content many times.
  witness.watch(file, { settleMs: 50 });
  writeFileSync(file, 'two');
  await witness.until(1);
  expect(told).toEqual(['two']);
});

test('after a swap it is the new place that is watched', async () => {
  const { dir, watch, told, until } = stage();
  for (const name of ['a', 'b']) {
    mkdirSync(join(dir, name));
    writeFileSync(join(dir, name, 'm.yaml'), name);
  }
  symlinkSync('a', join(dir, 'current'));
  mkdirSync(join(dir, 'links'));
  symlinkSync(join(dir, 'current', 'm.yaml'), join(dir, 'links', 'm.yaml'));
  watch(join(dir, 'links', 'm.yaml'));
  symlinkSync('b', join(dir, 'next'));
  renameSync(join(dir, 'next'), join(dir, 'current'));
  // Nothing that is watched has changed yet, so a write beside it makes the watch look.
  writeFileSync(join(dir, 'links', 'touched'), '');
  await until(1);
  writeFileSync(join(dir, 'b', 'm.yaml'), 'written in place');
  await until(2);
  expect(told).toEqual(['b', 'written in place']);
});

test('a file that is replaced by a rename is noticed, again and again', async () => {
  const { dir, file, watch, told, until } = stage();
  writeFileSync(file, '0');
  watch(file);
  for (const text of ['1', '2', '3']) {
    writeFileSync(join(dir, 'new'), text);
    renameSync(join(dir, 'new'), file);
    await until(Number(text));
  }
  expect(told).toEqual(['1', '2', '3']);
});

test('a swapped link to a directory is noticed, as Kubernetes does it', async () => {
  const { dir, file, watch, told, until } = stage();
  const publish = (name: string, text: string) => {
    mkdirSync(join(dir, name));
    writeFileSync(join(dir, name, 'meridian.yaml'), text);
    symlinkSync(name, join(dir, '..tmp'));
    renameSync(join(dir, '..tmp'), join(dir, '..data'));
  };
  publish('..v1', 'one');
  symlinkSync(join('..data', 'meridian.yaml'), file);
  watch(file);
  publish('..v2', 'two');
  await until(1);
  rmSync(join(dir, '..v1'), { recursive: true });
  publish('..v3', 'three');
  await until(2);
  expect(told).toEqual(['two', 'three']);
});

test('a file behind a link into another directory is noticed', async () => {
  const { dir, file, watch, told, until } = stage();
  mkdirSync(join(dir, 'real'));
  mkdirSync(join(dir, 'links'));
  writeFileSync(join(dir, 'real', 'm.yaml'), 'one');
  symlinkSync(join(dir, 'real', 'm.yaml'), join(dir, 'links', 'm.yaml'));
  watch(join(dir, 'links', 'm.yaml'));
  writeFileSync(file, 'not this one');
  writeFileSync(join(dir, 'real', 'm.yaml'), 'two');
  await until(1);
  expect(told).toEqual(['two']);
});

test('a file that is away for a while is waited for', async () => {
  const { file, watch, told, until } = stage();
  writeFileSync(file, 'one');
  watch(file);
  rmSync(file);
  writeFileSync(file, 'two');
  await until(1);
  expect(told).toEqual(['two']);
});

test('a file and directory that are not there yet are found by the poll', async () => {
  const { dir, watch, told, until } = stage();
  const later = join(dir, 'later', 'meridian.yaml');
  watch(later, { pollMs: 10 });
  mkdirSync(join(dir, 'later'));
  writeFileSync(later, 'one');
  await until(1);
  expect(told.at(-1)).toBe('one');
});

test('a listener that throws is reported, and the next change is noticed all the same', async () => {
  const { file } = stage();
  writeFileSync(file, 'one');
  const errors: unknown[] = [];
  const done = Promise.withResolvers<void>();
  const onChange = (text: string) => {
    if (text === 'three') done.resolve();
    throw new Error(text);
  };
  const report = Promise.withResolvers<void>();
  const onError = (error: unknown) => {
    errors.push(error);
    report.resolve();
  };
  const watching = watchFile(file, onChange, { settleMs: 10, onError });
  onTestFinished(() => watching.close());
  writeFileSync(file, 'two');
  await report.promise;
  writeFileSync(file, 'three');
  await done.promise;
  expect(errors[0]).toEqual(new Error('two'));
});

test('a closed watch calls nobody any more', async () => {
  const { file, watch, told, until } = stage();
  writeFileSync(file, 'one');
  const closed: string[] = [];
  const first = watchFile(file, (text) => closed.push(text), { settleMs: 10, pollMs: 10 });
  first.close();
  watch(file);
  writeFileSync(file, 'two');
  await until(1);
  writeFileSync(file, 'three');
  await until(2);
  expect(told).toEqual(['two', 'three']);
  expect(closed).toEqual([]);
});
