import { expect, test } from 'vitest';
import { BadAnswer } from '../../../../src/edge/upstream/bad-answer.ts';
import { faultOf } from '../../../../src/edge/upstream/undici-fault.ts';

test('a broken answer is the endpoint’s fault, one over a limit of ours is not', () => {
  expect(faultOf(new BadAnswer('its chunks are not valid'), 'some')).toEqual({
    kind: 'bad-response',
    sent: 'some',
    cause: 'its chunks are not valid',
  });
  expect(faultOf(new BadAnswer('its head is too large', 'limit'), 'some')).toMatchObject({ blameless: true });
});
