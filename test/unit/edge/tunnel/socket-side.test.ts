import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { SocketSide } from '../../../../src/edge/tunnel/socket-side.ts';

/** As much of a socket as is used of one that has nothing to say. */
class QuietSocket extends EventEmitter {
  readonly closed: boolean;

  constructor(closed: boolean) {
    super();
    this.closed = closed;
  }

  setNoDelay(): void {}
  setTimeout(): void {}
  resume(): void {}
  destroy(): void {}
}

function closingsOf(socket: QuietSocket): readonly boolean[] {
  const closings: boolean[] = [];
  const nothing = (): void => {};
  new SocketSide(socket as unknown as Socket).begin({
    data: nothing,
    drained: nothing,
    ended: nothing,
    closed: (broken) => void closings.push(broken),
  });
  return closings;
}

test('a socket that is closed already is said to be so once, also when its event is still to come', () => {
  const socket = new QuietSocket(true);
  const closings = closingsOf(socket);
  expect(closings).toEqual([true]);
  socket.emit('close');
  expect(closings).toEqual([true]);
});

test('a socket that closes later is said to be closed then, and broken if it failed', () => {
  const [ended, failed] = [new QuietSocket(false), new QuietSocket(false)];
  const [ofEnded, ofFailed] = [closingsOf(ended), closingsOf(failed)];
  expect([ofEnded, ofFailed]).toEqual([[], []]);
  failed.emit('error', new Error('reset'));
  for (const socket of [ended, failed]) socket.emit('close');
  expect([ofEnded, ofFailed]).toEqual([[false], [true]]);
});
