import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkRequest, servingIn } from '../../../src/health/grpc-health.ts';

test('a request is the name of a service, framed', () => {
  expect(checkRequest('').toString('hex')).toBe('0000000000');
  expect(checkRequest('a.B').toString('hex')).toBe(`00000000050a03${Buffer.from('a.B').toString('hex')}`);
});

test.each([
  ['00000000020801', 'SERVING'],
  ['00000000020802', 'NOT_SERVING'],
  ['00000000020803', 'SERVICE_UNKNOWN'],
  ['0000000000', 'UNKNOWN'],
  ['00000000020809', 'UNKNOWN'],
  // Fields that nobody knows yet, before and behind it.
  ['000000000712036162630801', 'SERVING'],
  ['000000000408011005', 'SERVING'],
])('%s says %s', (hex, serving) => {
  expect(servingIn(Buffer.from(hex, 'hex'))).toBe(serving);
});

test.each([
  '',
  '00',
  '01000000020801',
  '00000000030801',
  '0000000002ff01',
  '000000000208ff',
  '00000000021205',
  '000000000108',
])('%s is no answer', (hex) => {
  expect(servingIn(Buffer.from(hex, 'hex'))).toBeUndefined();
});

test('no bytes do harm', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      servingIn(Buffer.from(bytes));
    }),
  );
});
