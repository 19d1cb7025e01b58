import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { own } from '../../../../src/edge/thread/owned-socket.ts';

test('an error ends the connection, even when whoever else listened has gone', () => {
  const socket = new Socket();
  own(socket);
  socket.emit('error', new Error('reset'));
  expect(socket.destroyed).toBe(true);
});
