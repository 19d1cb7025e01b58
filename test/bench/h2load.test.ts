import { expect, test } from 'vitest';
import { readH2load } from '../../bench/peers/h2load.ts';

test('the log of h2load is counted request by request', () => {
  const log = Array.from({ length: 1000 }, (_, i) => `17000\t${i === 5 ? 502 : 200}\t${1000 + i}`).join('\n');
  const read = readH2load(`${log}\n`, 2);
  expect(read).toEqual({ requests: 1000, requestsPerSecond: 500, p50Ms: 1.499, p99Ms: 1.989, p999Ms: 1.998, bad: 1 });
  expect(() => readH2load('', 1)).toThrow(/no request/);
});
