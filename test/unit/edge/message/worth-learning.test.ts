import { expect, test } from 'vitest';
import { isWorthLearning } from '../../../../src/edge/message/worth-learning.ts';

test('the first four in a row are learned, and every sixteenth of those after', () => {
  const learned = Array.from({ length: 40 }, (_, at) => at + 1).filter(isWorthLearning);
  expect(learned).toEqual([1, 2, 3, 4, 16, 32]);
});
