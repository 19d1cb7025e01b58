import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type CertificateWatching, watchCertificates } from '../../../src/compose/certificate-watch.ts';
import { scratch } from '../../support/scratch.ts';

/** With a poll that is far off, only events tell of changes. */
async function watching(files: readonly string[], more: Partial<CertificateWatching> = {}) {
  const looks = vi.fn<() => Promise<boolean>>(more.look ?? (async () => false));
  const watch = watchCertificates({
    settleMs: 20,
    againMs: 20,
    pollMs: 3_600_000,
    ...more,
    files: () => files,
    look: looks,
  });
  onTestFinished(() => watch.close());
  // They are read once at the beginning: something may have changed since the start.
  await vi.waitFor(() => expect(looks).toHaveBeenCalled());
  return { looks, watch };
}

test('a file that is written is read', async () => {
  const file = scratch().write('a.pem', 'one');
  const { looks } = await watching([file]);
  writeFileSync(file, 'two');
  await vi.waitFor(() => expect(looks).toHaveBeenCalledTimes(2));
});

test('so is one that is put in its place', async () => {
  const folder = scratch();
  const file = folder.write('a.pem', 'one');
  const { looks } = await watching([file]);
  renameSync(folder.write('b.pem', 'one'), file);
  await vi.waitFor(() => expect(looks).toHaveBeenCalledTimes(2));
});

test('so is one behind a link that is swapped, as Kubernetes does it, twice', async () => {
  const { path } = scratch();
  const version = (name: string) => {
    mkdirSync(join(path, name));
    writeFileSync(join(path, name, 'tls.crt'), name);
    symlinkSync(name, join(path, '..data_tmp'));
    renameSync(join(path, '..data_tmp'), join(path, '..data'));
  };
  version('..2026_1');
  symlinkSync('..data/tls.crt', join(path, 'tls.crt'));
  const { looks } = await watching([join(path, 'tls.crt')]);
  version('..2026_2');
  await vi.waitFor(() => expect(looks).toHaveBeenCalledTimes(2));
  version('..2026_3');
  await vi.waitFor(() => expect(looks).toHaveBeenCalledTimes(3));
});

test('one that is not there yet is read when it comes', async () => {
  const folder = scratch();
  const { looks } = await watching([join(folder.path, 'later.pem')]);
  folder.write('later.pem', 'x');
  await vi.waitFor(() => expect(looks).toHaveBeenCalledTimes(2));
});

test('a file that is being written is read when it stands still', async () => {
  const file = scratch().write('a.pem', '0');
  const { looks } = await watching([file], { settleMs: 100 });
  for (let i = 1; i <= 10; i += 1) {
    writeFileSync(file, 'x'.repeat(i));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(looks).toHaveBeenCalledTimes(1);
  await vi.waitFor(() => expect(looks).toHaveBeenCalledTimes(2));
});

test('without events, the poll finds it', async () => {
  const file = scratch().write('a.pem', 'one');
  let files: readonly string[] = [];
  const looks = vi.fn<() => Promise<boolean>>(async () => false);
  const watch = watchCertificates({ settleMs: 10, pollMs: 30, files: () => files, look: looks });
  onTestFinished(() => watch.close());
  await vi.waitFor(() => expect(looks).toHaveBeenCalledTimes(1));
  files = [file];
  await vi.waitFor(() => expect(looks).toHaveBeenCalledTimes(2));
});

test('what is doubtful is looked at again, without a change', async () => {
  let doubts = 2;
  const file = scratch().write('a.pem', 'one');
  const { looks } = await watching([file], { look: async () => doubts-- > 0 });
  await vi.waitFor(() => expect(looks).toHaveBeenCalledTimes(3));
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(looks).toHaveBeenCalledTimes(3);
});

test('closed, it reads no more', async () => {
  const file = scratch().write('a.pem', 'one');
  const { looks, watch } = await watching([file]);
  watch.close();
  writeFileSync(file, 'two');
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(looks).toHaveBeenCalledTimes(1);
});
