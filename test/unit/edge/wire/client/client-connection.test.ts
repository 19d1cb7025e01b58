import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AheadBytes } from '../../../../../src/edge/client/ahead-bytes.ts';
import { LINGER_MS } from '../../../../../src/edge/client/lingering.ts';
import type { Attempt, Exchange } from '../../../../../src/edge/request/exchange.ts';
import type { Upstream } from '../../../../../src/edge/upstream/upstream.ts';
import { ClientConnection } from '../../../../../src/edge/wire/client/client-connection.ts';
import type { WireDeps } from '../../../../../src/edge/wire/wire-deps.ts';
import { Deadlines } from '../../../../../src/table/deadlines.ts';

const HEAD_MS = 5000;
const IDLE_MS = 60_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A client's connection whose socket takes as much as the test says. */
class SlowSocket extends EventEmitter {
  readonly remoteAddress = '203.0.113.9';
  writableLength = 0;
  destroyed = false;
  written = '';

  write(text: string): boolean {
    expect(this.destroyed).toBe(false);
    this.written += text;
    return true;
  }

  end(): void {}
  resume(): void {}
  pause(): void {}

  isPaused(): boolean {
    return false;
  }

  destroy(): void {
    this.destroyed = true;
  }
}

test('an error of our own ends the connection, and nothing else', () => {
  const socket = new SlowSocket();
  const told: unknown[] = [];
  const deps = {
    deadlines: new Deadlines({ nowMs: () => Date.now() }),
    ahead: new AheadBytes(),
    keepAliveMs: () => 75_000,
    headMs: () => HEAD_MS,
    faulted: (error: unknown) => told.push(error),
    serviceOf: () => {
      throw new Error('odd');
    },
  };
  let left = 0;
  void new ClientConnection(deps as unknown as WireDeps, socket as unknown as Socket, () => {
    left += 1;
  });
  socket.emit('data', Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n'));
  expect(told).toHaveLength(1);
  expect(socket.destroyed).toBe(true);
  expect(left).toBe(1);
});

/** One on which an endpoint's answer waits for the end of the turn. */
function waiting(): SlowSocket {
  const socket = new SlowSocket();
  const deps = {
    deadlines: new Deadlines({ nowMs: () => Date.now() }),
    ahead: new AheadBytes(),
    keepAliveMs: () => 75_000,
    headMs: () => HEAD_MS,
    draining: () => false,
    pipeline: { serviceOf: () => undefined },
    edgeAnswer: () => ({ status: 200, headers: [], body: 'next' }),
  };
  const connection = new ClientConnection(deps as unknown as WireDeps, socket as unknown as Socket, () => {});
  const head = { status: 200, reason: 'OK', lines: '', dated: true, again: false, intro: '' };
  const upstream = { head, framing: 'length', piece: { bytes: Buffer.from('answer '), from: 0, to: 7 }, done: true };
  const exchange = { requestId: 'id', chaos: '', state: {}, explained: false };
  connection.sendAnswer(upstream as unknown as Upstream, exchange as unknown as Exchange, {} as Attempt);
  expect(socket.written).toBe('');
  return socket;
}

test('a client that ends in the turn of its answer gets it', () => {
  const socket = waiting();
  socket.emit('end');
  expect(socket.written).toMatch(/answer $/);
  expect(socket.destroyed).toBe(true);
});

test('what a client asks in the turn of its answer is answered behind that', () => {
  const socket = waiting();
  socket.emit('data', Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n'));
  expect(socket.written).toMatch(/answer HTTP\/1\.1 200 .*next$/s);
});

/** One that is told 408, since its head does not come, and is then being closed. */
function closing(): SlowSocket {
  const socket = new SlowSocket();
  const deps = {
    deadlines: new Deadlines({ nowMs: () => Date.now() }),
    draining: () => false,
    refused: () => {},
    ahead: new AheadBytes(),
    clientIdleMs: () => IDLE_MS,
    keepAliveMs: () => 75_000,
    headMs: () => HEAD_MS,
    accelerates: () => true,
  };
  const connection = new ClientConnection(deps as unknown as WireDeps, socket as unknown as Socket, () => {});
  expect(connection.idle).toBe(true);
  vi.advanceTimersByTime(HEAD_MS + 100);
  expect(socket.written).toMatch(/^HTTP\/1\.1 408 /);
  return socket;
}

test('a client has a moment to read its last answer', () => {
  const socket = closing();
  vi.advanceTimersByTime(LINGER_MS / 2);
  expect(socket.destroyed).toBe(false);
  vi.advanceTimersByTime(LINGER_MS);
  expect(socket.destroyed).toBe(true);
});

test('a slow one has as long as it takes something', () => {
  const socket = closing();
  for (socket.writableLength = 200_000; socket.writableLength > 0; socket.writableLength -= 1000) {
    vi.advanceTimersByTime(LINGER_MS);
    expect(socket.destroyed).toBe(false);
  }
  vi.advanceTimersByTime(LINGER_MS * 2);
  expect(socket.destroyed).toBe(true);
});

test('one that takes nothing any more is let go of', () => {
  const socket = closing();
  socket.writableLength = 1000;
  vi.advanceTimersByTime(IDLE_MS / 2);
  expect(socket.destroyed).toBe(false);
  vi.advanceTimersByTime(IDLE_MS);
  expect(socket.destroyed).toBe(true);
});
