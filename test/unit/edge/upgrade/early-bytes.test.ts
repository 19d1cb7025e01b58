import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { expect, test } from 'vitest';
import { AHEAD_BYTES_MAX, AheadBytes } from '../../../../src/edge/client/ahead-bytes.ts';
import { EarlyBytes } from '../../../../src/edge/upgrade/early-bytes.ts';

function held(first = '', total = 1_000_000) {
  const client = new Duplex({ read: () => {}, write: (_, __, done) => done() });
  const ahead = new AheadBytes(total);
  return { client, ahead, early: new EarlyBytes(client as unknown as Socket, Buffer.from(first), ahead) };
}

test('what comes early is kept, counted, and given once', async () => {
  const { client, ahead, early } = held('a');
  client.emit('data', Buffer.from('bc'));
  expect(ahead.taken).toBe(3);
  expect(early.take().toString()).toBe('abc');
  expect(ahead.taken).toBe(0);
  client.emit('data', Buffer.from('late'));
  expect(ahead.taken).toBe(0);
});

test('a client that sends too much is not read any further', () => {
  const { client } = held('x'.repeat(AHEAD_BYTES_MAX + 1));
  expect(client.isPaused()).toBe(false);
  client.emit('data', Buffer.from('x'));
  expect(client.isPaused()).toBe(true);
});

test('without room in all it is let go of', () => {
  const { client, ahead } = held('', 10);
  client.emit('data', Buffer.alloc(11));
  expect(client.destroyed).toBe(true);
  expect(ahead.taken).toBe(0);
});

test('a client that ends its half has left, and gives back what it held', async () => {
  const { client, ahead } = held('abc');
  client.emit('end');
  expect(client.destroyed).toBe(true);
  await new Promise((resolve) => client.once('close', resolve));
  expect(ahead.taken).toBe(0);
});
