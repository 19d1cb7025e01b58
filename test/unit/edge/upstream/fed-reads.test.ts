import type { Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { feedReads } from '../../../../src/edge/upstream/fed-reads.ts';

test('all bytes are read, in order, in pieces of the buffer, and none while it is paused', async () => {
  const socket = new PassThrough();
  const heard: string[] = [];
  let goesOn = true;
  feedReads(socket as unknown as Socket, {
    buffer: () => new Uint8Array(4),
    callback: (bytes, into) => {
      heard.push(Buffer.from(into.subarray(0, bytes)).toString());
      return goesOn;
    },
  });
  socket.write('abcdefghij');
  await new Promise(setImmediate);
  expect(heard).toEqual(['abcd', 'efgh', 'ij']);
  goesOn = false;
  socket.write('klmnopqrst');
  await new Promise(setImmediate);
  expect(heard.slice(3)).toEqual(['klmn']);
  goesOn = true;
  socket.resume();
  await new Promise(setImmediate);
  expect(heard.slice(3).join('')).toBe('klmnopqrst');
});
