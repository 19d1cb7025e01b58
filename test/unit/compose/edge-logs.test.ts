import { afterEach, expect, test, vi } from 'vitest';
import { EdgeLogs } from '../../../src/compose/edge-logs.ts';
import { LineRing } from '../../../src/table/line-ring.ts';

afterEach(() => vi.useRealTimers());

function logs() {
  const written: string[] = [];
  return { written, logs: new EdgeLogs(2, (lines) => void written.push(lines.toString())) };
}

test('lines of all threads are written together, a moment after the first was announced', () => {
  vi.useFakeTimers();
  const { written, logs: of } = logs();
  const [a, b] = [new LineRing(of.ringOf(0)), new LineRing(of.ringOf(1))];
  expect(a.write('a1\n')).toBe('announce');
  of.announced();
  a.write('a2\n');
  expect(b.write('b1\n')).toBe('announce');
  of.announced();
  vi.advanceTimersByTime(9);
  expect(written).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(written).toEqual(['a1\na2\n', 'b1\n']);
  vi.advanceTimersByTime(1000);
  expect(written).toHaveLength(2);
  expect(a.write('a3\n')).toBe('announce');
  of.close();
});

test('what a thread leaves is written when it has ended, and when the process exits', () => {
  const { written, logs: of } = logs();
  const ring = new LineRing(of.ringOf(0));
  ring.write('last words\n');
  of.empty();
  expect(written).toEqual(['last words\n']);
  ring.write('of the process\n');
  process.listeners('exit').forEach((listener) => {
    if (listener === of.empty) of.empty();
  });
  expect(written.at(-1)).toBe('of the process\n');
  of.close();
  expect(process.listeners('exit')).not.toContain(of.empty);
});
