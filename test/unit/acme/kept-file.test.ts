import { mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkKeeping, readKept, removeKept, sweepKept, writeKept } from '../../../src/acme/kept-file.ts';
import { readTrouble, removeTrouble, writeTrouble } from '../../../src/acme/trouble-file.ts';
import { scratch } from '../../support/scratch.ts';

test('a text is there whole, for this user only, in folders that are made', async () => {
  const folder = join(scratch().path, 'a', 'b');
  const file = join(folder, 'c.pem');
  expect(await readKept(file)).toBeUndefined();
  await writeKept(file, 'one');
  await writeKept(file, 'two');
  expect(await readKept(file)).toBe('two');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(readdirSync(folder)).toEqual(['c.pem']);
});

test('who cannot put it there leaves what was, and nothing beside it', async () => {
  const folder = scratch().path;
  const file = join(folder, 'c.pem');
  mkdirSync(file);
  writeFileSync(join(file, 'x'), '');
  await expect(writeKept(file, 'one')).rejects.toThrow('EISDIR');
  expect(readdirSync(folder)).toEqual(['c.pem']);
});

test('what is removed is gone, and may have been before', async () => {
  const file = join(scratch().path, 'c.pem');
  await writeKept(file, 'one');
  await removeKept(file);
  await removeKept(file);
  expect(await readKept(file)).toBeUndefined();
});

test('failures are known after a restart, for a day at most, whatever the clock was', async () => {
  const file = join(scratch().path, 'a.ecdsa.pem');
  const trouble = { failures: 3, error: 'why', trouble: 'refused', untilMs: 5000 } as const;
  expect(await readTrouble(file, 1000)).toBeUndefined();
  await writeTrouble(file, trouble);
  expect(await readTrouble(file, 1000)).toEqual(trouble);
  await writeTrouble(file, { ...trouble, untilMs: 1e15 });
  expect((await readTrouble(file, 1000))?.untilMs).toBe(1000 + 24 * 3_600_000);
  await removeTrouble(file);
  expect(await readTrouble(file, 1000)).toBeUndefined();
});

test.each(['', '{', '{}', 'null', '{"failures":0}', '{"failures":1,"error":"e","trouble":"odd","untilMs":1}'])(
  '%s says nothing of failures',
  async (text) => {
    const folder = scratch();
    folder.write('a.failures.json', text);
    expect(await readTrouble(join(folder.path, 'a.pem'), 0)).toBeUndefined();
  },
);

test('what somebody was killed over is removed once it is old, and nothing else is', async () => {
  const { path, write } = scratch();
  const names = ['.a.pem.0123456789ab.tmp', '.b.pem.0123456789ab.tmp', 'a.pem', '.note.tmp'];
  for (const name of names) write(name, 'x');
  for (const name of names.filter((one) => one !== '.b.pem.0123456789ab.tmp')) utimesSync(join(path, name), 0, 0);
  await sweepKept(path, Date.now());
  expect(readdirSync(path).toSorted()).toEqual(['.b.pem.0123456789ab.tmp', '.note.tmp', 'a.pem']);
  await sweepKept(join(path, 'none'), Date.now());
});

test('whether anything can be kept is known before, and leaves nothing', async () => {
  const { path, write } = scratch();
  await checkKeeping(join(path, 'new'));
  expect(readdirSync(join(path, 'new'))).toEqual([]);
  await expect(checkKeeping(join(write('file', ''), 'below'))).rejects.toThrow('ENOTDIR');
});
