import { expect, test } from 'vitest';
import { isColoured } from '../../../src/main/colour.ts';

test.each([
  [{ isTTY: true }, {}, true],
  [{ isTTY: true }, { NO_COLOR: '' }, true],
  [{ isTTY: true }, { NO_COLOR: '1' }, false],
  [{ isTTY: true }, { TERM: 'dumb' }, false],
  [{}, {}, false],
])('%j with %j: %s', (output, env, coloured) => {
  expect(isColoured(output, env)).toBe(coloured);
});
