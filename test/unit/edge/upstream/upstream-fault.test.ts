import { expect, test } from 'vitest';
import { faultOf } from '../../../../src/edge/upstream/upstream-fault.ts';

test('an answer over a limit of this edge’s own is no answer, and nobody’s fault', () => {
  expect(faultOf('its head is too large', 'too-large')).toEqual({
    kind: 'bad-response',
    sent: 'some',
    cause: 'its head is too large',
    blameless: true,
  });
  expect(faultOf('ECONNRESET', 'reset')).toEqual({ kind: 'reset', sent: 'some', cause: 'ECONNRESET' });
});
