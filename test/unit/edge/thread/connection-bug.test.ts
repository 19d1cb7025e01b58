import { expect, test } from 'vitest';
import { connectionBug } from '../../../../src/edge/thread/connection-bug.ts';

test('the report of an error in one connection has its stack', () => {
  expect(JSON.stringify(connectionBug(new Error('odd')))).toMatch(/Error: odd\\n +at /);
  expect(connectionBug('a string')).toEqual({ type: 'bug', where: 'connection', count: 1, error: 'a string' });
});
