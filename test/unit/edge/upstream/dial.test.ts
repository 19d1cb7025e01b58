import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DeadAddresses } from '../../../../src/edge/upstream/dead-addresses.ts';
import { Dial, NEXT_ADDRESS_MIN_MS, NEXT_ADDRESS_MS, nextAddressMs } from '../../../../src/edge/upstream/dial.ts';

/** Sockets that do what the test says, and time that stands still until it moves it. */
function dialling(count: number, { secure = false, connectMs = 10_000, throws = -1 } = {}) {
  const addresses = Array.from({ length: count }, (_, i) => ({ host: `10.0.0.${i}`, port: 80 }));
  const clock = { nowMs: () => Date.now() };
  const dead = new DeadAddresses(clock);
  const opened: { host: string; socket: EventEmitter; destroyed: boolean; destroy: () => void }[] = [];
  const told: unknown[] = [];
  const timed: unknown[] = [];
  const dial = new Dial(
    {
      addresses,
      connectMs,
      secure,
      open: ({ host }) => {
        if (opened.length === throws) throw new Error('cannot even be made');
        const one = { host, socket: new EventEmitter(), destroyed: false, destroy: () => void (one.destroyed = true) };
        opened.push(one);
        return one as typeof one & { socket: Socket };
      },
    },
    { dialled: (one) => told.push((one as unknown as { host: string }).host), notDialled: (error) => told.push(error) },
    { dead, clock, timed: (...ms) => timed.push(ms) },
  );
  const deadHosts = () => addresses.filter((one) => dead.isDead(one)).map(({ host }) => host);
  return { dial, opened, told, timed, deadHosts, at: (i: number) => opened[i] as (typeof opened)[number] };
}

const coded = (code: string) => Object.assign(new Error(code), { code });

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('the first one that connects in time is the only one that is tried', () => {
  const { opened, told, at, deadHosts } = dialling(3);
  at(0).socket.emit('connect');
  vi.advanceTimersByTime(60_000);
  expect([told, opened.length, deadHosts()]).toEqual([['10.0.0.0'], 1, []]);
  expect(at(0).destroyed).toBe(false);
});

test('the next one is tried when one fails, at once, and the failed one is remembered', () => {
  const { told, at, deadHosts } = dialling(2);
  at(0).socket.emit('error', coded('ECONNREFUSED'));
  at(1).socket.emit('connect');
  expect(told).toEqual(['10.0.0.1']);
  expect(at(0).destroyed).toBe(true);
  expect(deadHosts()).toEqual(['10.0.0.0']);
});

test('and when one takes too long to be waited for alone; whichever connects first wins, the others are destroyed', () => {
  const { opened, told, at, deadHosts } = dialling(3);
  vi.advanceTimersByTime(NEXT_ADDRESS_MS - 1);
  expect(opened).toHaveLength(1);
  vi.advanceTimersByTime(1 + NEXT_ADDRESS_MS);
  expect(opened).toHaveLength(3);
  at(1).socket.emit('connect');
  expect(told).toEqual(['10.0.0.1']);
  expect(opened.map(({ destroyed }) => destroyed)).toEqual([true, false, true]);
  expect(deadHosts()).toEqual(['10.0.0.0']);
  // What a loser still says, nobody hears, and nobody dies of it.
  at(0).socket.emit('error', coded('ECONNRESET'));
  expect(told).toHaveLength(1);
});

test('who answers to TCP has the time for its handshake', () => {
  const { opened, told, at } = dialling(2, { secure: true });
  vi.advanceTimersByTime(NEXT_ADDRESS_MS - 10);
  at(0).socket.emit('connect');
  vi.advanceTimersByTime(NEXT_ADDRESS_MS - 10);
  at(0).socket.emit('secureConnect');
  expect([told, opened.length]).toEqual([['10.0.0.0'], 1]);
});

test('when all have failed, the last error is reported; one that was not tried for want of something here goes before it', () => {
  const refused = coded('ECONNREFUSED');
  const first = dialling(2);
  first.at(0).socket.emit('close');
  first.at(1).socket.emit('error', refused);
  expect(first.told).toEqual([refused]);
  const short = coded('EMFILE');
  const second = dialling(2);
  second.at(0).socket.emit('error', short);
  second.at(1).socket.emit('error', refused);
  expect(second.told).toEqual([short]);
  expect(second.deadHosts()).toEqual(['10.0.0.1']);
});

test('called off, also because it took too long: nothing is called, and the address that was waited for is remembered', () => {
  const { dial, opened, told, at, deadHosts } = dialling(2, { connectMs: 90 });
  vi.advanceTimersByTime(89);
  dial.cancel();
  expect(opened.every(({ destroyed }) => destroyed)).toBe(true);
  expect(deadHosts()).toEqual(['10.0.0.0', '10.0.0.1']);
  vi.advanceTimersByTime(10_000);
  at(1).socket.emit('connect');
  expect([told, opened.length]).toEqual([[], 2]);
});

test('called off at once, it says nothing about anybody', () => {
  const { dial, deadHosts } = dialling(2);
  dial.cancel();
  expect(deadHosts()).toEqual([]);
});

test('a socket that cannot be made is reported, and not before the caller can call it off', async () => {
  const { told, opened } = dialling(1, { throws: 0 });
  expect(told).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(told).toEqual([new Error('cannot even be made')]);
  expect(opened).toEqual([]);
});

test('every address gets a part of the time, within bounds', () => {
  expect(nextAddressMs(1000, 1)).toBe(NEXT_ADDRESS_MS);
  expect(nextAddressMs(1000, 4)).toBe(200);
  expect(nextAddressMs(10, 4)).toBe(NEXT_ADDRESS_MIN_MS);
});

test('the time of TCP is told, and that of TLS after it; those that lose are not', () => {
  const plain = dialling(2);
  vi.advanceTimersByTime(NEXT_ADDRESS_MS + 10);
  plain.at(1).socket.emit('connect');
  expect(plain.timed).toEqual([[10, undefined]]);
  const secure = dialling(1, { secure: true });
  vi.advanceTimersByTime(20);
  secure.at(0).socket.emit('connect');
  vi.advanceTimersByTime(30);
  secure.at(0).socket.emit('secureConnect');
  expect(secure.timed).toEqual([[20, 30]]);
});
