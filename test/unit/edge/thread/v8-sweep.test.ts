import { expect, test } from 'vitest';
import { bodySweeper, SWEEP_BYTES } from '../../../../src/edge/thread/v8-sweep.ts';

const CHUNK_BYTES = 64 * 1024;
const MIB = 1024 * 1024;

/** The most that chunks of a body take while 512 MiB of them come and go, above what was taken before. */
function peakBytes(passed: (bytes: number) => void): number {
  const before = process.memoryUsage().arrayBuffers;
  let most = before;
  for (let bytes = 0; bytes < 512 * MIB; bytes += CHUNK_BYTES) {
    Buffer.allocUnsafeSlow(CHUNK_BYTES);
    passed(CHUNK_BYTES);
    if (bytes % MIB === 0) most = Math.max(most, process.memoryUsage().arrayBuffers);
  }
  return most - before;
}

test('chunks of a body do not pile up', () => {
  expect(peakBytes(bodySweeper())).toBeLessThan(4 * SWEEP_BYTES);
});
