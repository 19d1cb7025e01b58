import { expect, test } from 'vitest';
import { lineFormat } from '../../../src/observe/line-format.ts';
import { logfmtFields } from './logfmt-fields.ts';
import { RECORD } from './record.ts';

const AT_MS = Date.UTC(2026, 10, 28, 3, 4, 5, 678);
const OTHER = '{"level":"warn","time":"t","thread":"control","event":"panic","count":2,"msg":"2 requests went"}\n';

test('json: a request begins with what every line has; other lines stay as they are', () => {
  const { request, other, otherAside } = lineFormat('json', 'edge-0');
  const line = JSON.parse(request(RECORD, AT_MS)) as Record<string, unknown>;
  expect(Object.keys(line).slice(0, 5)).toEqual(['level', 'time', 'thread', 'msg', 'id']);
  expect(line).toMatchObject({ time: '2026-11-28T03:04:05.678Z', thread: 'edge-0' });
  expect([other, otherAside]).toEqual([undefined, false]);
});

test('logfmt: the same of requests and of other lines', () => {
  const { request, other, otherAside } = lineFormat('logfmt', 'edge-0');
  const line = request(RECORD, AT_MS);
  expect(line.endsWith('\n')).toBe(true);
  const fields = logfmtFields(line.trimEnd());
  expect(Object.keys(fields).slice(0, 5)).toEqual(['level', 'time', 'thread', 'msg', 'id']);
  expect(fields).toMatchObject({ time: '2026-11-28T03:04:05.678Z', thread: 'edge-0', status: '200' });
  expect(other?.(OTHER)).toBe('level=warn time=t thread=control event=panic count=2 msg="2 requests went"\n');
  expect(otherAside).toBe(false);
});

test('combined: requests alone; other lines are logfmt, and aside', () => {
  const { request, other, otherAside } = lineFormat('combined', 'edge-0');
  expect(request(RECORD, AT_MS)).toMatch(/^203\.0\.113\.9 - - \[28\/Nov\/2026:03:04:05 \+0000\] .*\n$/);
  expect(other?.(OTHER)).toMatch(/^level=warn .*\n$/);
  expect(otherAside).toBe(true);
});
