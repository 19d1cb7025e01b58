import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { LogWriter } from '../../../src/observe/log-writer.ts';
import { LineRing } from '../../../src/table/line-ring.ts';

const RING_BYTES = 1 << 16;

function opened(rings: number): { rings: LineRing[]; writer: LogWriter; written: () => string } {
  const folder = mkdtempSync(join(tmpdir(), 'meridian-log-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'log');
  const writer = new LogWriter(path);
  const made = Array.from({ length: rings }, () => LineRing.create(RING_BYTES));
  for (const ring of made) writer.carry(ring);
  return { rings: made, writer, written: () => readFileSync(path, 'utf8') };
}

test('a thread that logs without end does not keep the lines of another waiting', async () => {
  const { rings, writer, written } = opened(2);
  const [busy, other] = rings as [LineRing, LineRing];
  let busyLines = 0;
  let over = false;
  other.write('other\n');
  const fill = (): void => {
    if (over) return;
    if (busy.write('busy\n') !== 'full') busyLines += 1;
    setImmediate(fill);
  };
  fill();
  writer.announced();
  await vi.waitFor(() => expect(written()).toContain('other\n'));
  over = true;
  await writer.flush();
  expect(written().split('busy\n')).toHaveLength(busyLines + 1);
});

test('no line waits for another: what is not announced is found', async () => {
  const { rings, writer, written } = opened(1);
  const ring = rings[0] as LineRing;
  let text = '';
  for (let i = 0; i < 50; i += 1) {
    text += `line ${i}\n`;
    if (ring.write(`line ${i}\n`) === 'announce') writer.announced();
    await vi.waitFor(() => expect(written()).toBe(text), { interval: i % 10 });
  }
});

test('a flush writes both what is at the end of the memory of a ring and what goes on at its beginning', async () => {
  const { rings, writer, written } = opened(1);
  const ring = rings[0] as LineRing;
  let text = '';
  const add = (line: string): void => {
    expect(ring.write(line)).not.toBe('full');
    text += line;
  };
  for (let i = 0; i < 20; i += 1) add(`${i}`.padEnd(999, 'x').concat('\n'));
  await writer.flush();
  for (let i = 0; i < 12; i += 1) add(`${i}`.padEnd(3000, 'y').concat('\n'));
  await writer.flush();
  for (let i = 0; i < 12; i += 1) add(`${i}`.padEnd(3000, 'z').concat('\n'));
  await writer.flush();
  expect(written()).toBe(text);
});
