import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { guardSocket } from '../../../../src/edge/thread/guarded-socket.ts';

test('an error ends the connection, even when whoever else listened has gone', () => {
  const socket = new Socket();
  guardSocket(socket);
  socket.emit('error', new Error('reset'));
  expect(socket.destroyed).toBe(true);
});
