import { expect, test } from 'vitest';
import { becomesOf } from '../../../../src/edge/upstream/pool.ts';

test.each([
  [undefined, 'connection'],
  ['websocket', 'web-socket'],
  ['WebSocket', 'web-socket'],
  ['custom/1', 'stream'],
  ['websocket, custom/1', 'stream'],
])('a request for %s is sent on a %s', (upgrade, becomes) => {
  expect(becomesOf({ upgrade })).toBe(becomes);
});
