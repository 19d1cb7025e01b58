import { once } from 'node:events';
import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ReplayBody } from '../../../../src/edge/general/replay-body.ts';

/** A source that the test pushes into. */
function source(): Readable {
  return new Readable({ read() {} });
}

async function textOf(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('latin1');
}

/** Reads until this much has come. */
async function readSome(stream: Readable, bytes: number): Promise<string> {
  let text = '';
  while (text.length < bytes) {
    const chunk = stream.read() as Buffer | null;
    if (chunk === null) await once(stream, 'readable');
    else text += chunk.toString('latin1');
  }
  return text;
}

/** Lets streams come to rest. */
async function settle(): Promise<void> {
  for (let i = 0; i < 10; i += 1) await turn();
}

test('one reader gets the body as it comes', async () => {
  const from = source();
  const reader = new ReplayBody(from, 100).open();
  from.push('hello ');
  expect(await readSome(reader, 6)).toBe('hello ');
  from.push('world');
  from.push(null);
  expect(await textOf(reader)).toBe('world');
});

test('a later reader gets it again from the start, and the rest live; the one before gets nothing more', async () => {
  const from = source();
  const body = new ReplayBody(from, 100);
  const first = body.open();
  from.push('abc');
  expect(await readSome(first, 3)).toBe('abc');
  first.destroy();
  const second = body.open();
  expect(body.replayable).toBe(true);
  const seen = readSome(second, 6);
  from.push('def');
  expect(await seen).toBe('abcdef');
  const third = body.open();
  from.push('ghi');
  from.push(null);
  expect(await textOf(third)).toBe('abcdefghi');
  await settle();
  expect(second.read()).toBeNull();
  expect(second.readableEnded).toBe(false);
});

test('a body that has ended can be read again and again', async () => {
  const body = new ReplayBody(Readable.from([Buffer.from('abc'), Buffer.from('def')]), 6);
  expect(await textOf(body.open())).toBe('abcdef');
  expect(await textOf(body.open())).toBe('abcdef');
  expect(body.replayable).toBe(true);
});

test('an empty body ends', async () => {
  expect(await textOf(new ReplayBody(Readable.from([]), 10).open())).toBe('');
});

test('exactly as much as may be kept is kept, and one byte more is not', async () => {
  const [fits, spills] = [source(), source()];
  const [kept, lost] = [new ReplayBody(fits, 4), new ReplayBody(spills, 4)];
  const [a, b] = [kept.open(), lost.open()];
  fits.push('abcd');
  spills.push('abcd');
  await readSome(a, 4);
  await readSome(b, 4);
  expect([kept.replayable, lost.replayable]).toEqual([true, true]);
  spills.push('e');
  expect(await readSome(b, 1)).toBe('e');
  expect(lost.replayable).toBe(false);
  spills.push('fgh');
  spills.push(null);
  expect(await textOf(b)).toBe('fgh');
});

test('whatever the pieces, and wherever attempts are cut off, the last attempt has the whole body', async () => {
  const pieces = fc.array(fc.string({ minLength: 1, maxLength: 9, unit: 'binary-ascii' }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(pieces, fc.array(fc.nat(12), { maxLength: 4 }), async (parts, cuts) => {
      const from = source();
      const body = new ReplayBody(from, 1000);
      let reader = body.open();
      for (const [i, part] of parts.entries()) {
        from.push(Buffer.from(part, 'latin1'));
        if (!cuts.includes(i)) continue;
        await turn();
        reader.read();
        reader.destroy();
        reader = body.open();
      }
      from.push(null);
      expect(await textOf(reader)).toBe(parts.join(''));
      expect(body.replayable).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test('the source waits while nobody reads', async () => {
  const from = source();
  const body = new ReplayBody(from, 10_000_000);
  await settle();
  expect(from.isPaused()).toBe(true);
  const reader = body.open();
  expect(from.isPaused()).toBe(true);
  reader.read(0);
  await settle();
  expect(from.isPaused()).toBe(false);
  // More than a reader holds by itself: from then on the source is held back.
  for (let i = 0; i < 20; i += 1) from.push(Buffer.alloc(16_384));
  await settle();
  expect(from.isPaused()).toBe(true);
  expect(reader.readableLength).toBeLessThan(10 * 16_384);
  while (reader.read() !== null);
  await settle();
  expect(reader.readableLength).toBeGreaterThan(0);
  reader.destroy();
  await settle();
  expect(from.isPaused()).toBe(true);
});

test('an attempt that was given up does not hold back the one after it', async () => {
  const from = source();
  const body = new ReplayBody(from, 100);
  const first = body.open();
  first.read(0);
  const second = body.open();
  const all = textOf(second);
  await settle();
  // Its end comes late, when the second already reads.
  first.destroy();
  await settle();
  expect(from.isPaused()).toBe(false);
  from.push('abc');
  from.push(null);
  expect(await all).toBe('abc');
});

test('a client that breaks off breaks the attempt, and there is no other', async () => {
  const from = source();
  const body = new ReplayBody(from, 100);
  const reader = body.open();
  from.push('abc');
  await readSome(reader, 3);
  from.destroy();
  await expect(textOf(reader)).rejects.toThrow('broke off');
  expect(body.replayable).toBe(false);
  await expect(textOf(body.open())).rejects.toThrow('broke off');
});

test('an error of the source is the reader’s error', async () => {
  const from = source();
  const body = new ReplayBody(from, 100);
  const reader = body.open();
  from.destroy(new Error('parser gave up'));
  await expect(textOf(reader)).rejects.toThrow('parser gave up');
  expect(body.replayable).toBe(false);
});

test('a client that leaves before anybody reads its body ends nothing but this body', async () => {
  const from = new Readable({ read() {} });
  const reader = new ReplayBody(from, 100).open();
  from.destroy(new Error('aborted'));
  await new Promise((done) => setImmediate(done));
  expect(reader.destroyed).toBe(true);
});
