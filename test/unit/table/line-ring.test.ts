import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineRing } from '../../../src/table/line-ring.ts';

/** Reads all that is there, as its reader does: piece by piece. */
function take(ring: LineRing): string {
  let text = '';
  for (let piece = ring.peek(); piece !== undefined; piece = ring.peek()) {
    text += ring.bytes.toString('utf8', piece.from, piece.to);
    ring.release(piece.to);
  }
  return text;
}

test('what is written is taken once, and announced once until then', () => {
  const ring = LineRing.create(1024);
  expect(take(ring)).toBe('');
  expect(ring.write('ä\n')).toBe('announce');
  expect(ring.write('b\n')).toBe('written');
  expect(take(ring)).toBe('ä\nb\n');
  expect(take(ring)).toBe('');
  expect(ring.write('c\n')).toBe('announce');
});

test('a line for which there is no room is dropped as a whole, and the ring goes on', () => {
  const ring = LineRing.create(64);
  expect(ring.write('x'.repeat(21))).toBe('announce');
  expect(ring.write('y'.repeat(21))).toBe('full');
  expect(take(ring)).toBe('x'.repeat(21));
  expect(ring.write('z'.repeat(100))).toBe('full');
  expect(ring.write('y'.repeat(6))).toBe('announce');
  expect(take(ring)).toBe('y'.repeat(6));
});

test('a ring that is read in time stays within its first half, and has room for as much until the reader follows', () => {
  const ring = LineRing.create(10_000);
  const line = `${'x'.repeat(99)}\n`;
  for (let i = 0; i < 1000; i += 1) {
    // As much as a third of half of it: a character is counted with the most bytes that it may have.
    let written = 0;
    while (written < 14 && ring.write(line) !== 'full') written += 1;
    expect(written).toBe(14);
    expect(ring.peek()?.to).toBeLessThan(10_000);
    expect(take(ring)).toBe(line.repeat(14));
  }
});

test('what is being read stays as it is until it is released', () => {
  const ring = LineRing.create(64);
  ring.write('first\n');
  const piece = ring.peek()!;
  while (ring.write('other\n') !== 'full');
  expect(ring.bytes.toString('utf8', piece.from, piece.to)).toBe('first\n');
  ring.release(piece.to);
  expect(take(ring)).toMatch(/^(?:other\n)+$/);
});

test('whatever is written and taken in whatever order, nothing that was accepted is lost, torn or out of order', () => {
  const step = fc.oneof(fc.constant(undefined), fc.string({ unit: 'binary', maxLength: 40 }));
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.array(step, { maxLength: 200 }), (bytes, steps) => {
      const ring = LineRing.create(bytes);
      let [accepted, taken] = ['', ''];
      for (const line of steps) {
        if (line === undefined) taken += take(ring);
        else if (ring.write(line) !== 'full') accepted += Buffer.from(line).toString();
      }
      taken += take(ring);
      expect(taken).toBe(accepted);
    }),
  );
});

test('a thread that writes while another takes: every line arrives whole and in order', async () => {
  const ring = LineRing.create(4096);
  const source = `
    import { workerData } from 'node:worker_threads';
    const { LineRing } = await import(${JSON.stringify(new URL('../../../src/table/line-ring.ts', import.meta.url).href)});
    const ring = new LineRing(workerData);
    for (let i = 0; i < 20000;) if (ring.write(i + '-' + 'ü'.repeat(i % 50) + '\\n') !== 'full') i += 1;
  `;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), { workerData: ring.shared });
  const ended = new Promise((done) => worker.once('exit', done));
  let [text, over] = ['', false];
  void ended.then(() => {
    over = true;
  });
  while (!over) {
    for (let i = 0; i < 1000; i += 1) text += take(ring);
    await new Promise((done) => setImmediate(done));
  }
  text += take(ring);
  expect(text).toBe(Array.from({ length: 20_000 }, (_, i) => `${i}-${'ü'.repeat(i % 50)}\n`).join(''));
});
