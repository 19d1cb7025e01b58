import fc from 'fast-check';
import { expect, test } from 'vitest';
import { grpcTimeoutMs, grpcTimeoutText } from '../../../../src/edge/message/grpc-timeout.ts';

test.each([
  ['1H', 3_600_000],
  ['2M', 120_000],
  ['3S', 3000],
  ['250m', 250],
  ['1500u', 1.5],
  ['99999999n', 99.999999],
  ['0m', 0],
  ['100000000m', undefined],
  ['5', undefined],
  ['m', undefined],
  ['-1m', undefined],
  ['1.5S', undefined],
  ['1s', undefined],
  ['', undefined],
])('%j is %j ms', (value, ms) => {
  if (ms === undefined) expect(grpcTimeoutMs(value)).toBeUndefined();
  else expect(grpcTimeoutMs(value)).toBeCloseTo(ms, 9);
});

test('what is written is read as no more than it was, and less by under a thousandth or a millisecond', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 9e10, noNaN: true }), (ms) => {
      const read = grpcTimeoutMs(grpcTimeoutText(ms)) as number;
      expect(read).toBeLessThanOrEqual(ms);
      expect(ms - read).toBeLessThanOrEqual(Math.max(1, ms / 1000));
    }),
  );
});

test('the longest is bounded', () => expect(grpcTimeoutText(1e15)).toBe('99999999S'));
