import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CLOSE_ANSWER_MS, HALF_OPEN_MS } from '../../../../src/edge/tunnel/limits.ts';
import { OpenTunnels } from '../../../../src/edge/tunnel/open-tunnels.ts';
import type { SideHandler, TunnelSide } from '../../../../src/edge/tunnel/side.ts';
import { Tunnel } from '../../../../src/edge/tunnel/tunnel.ts';
import { Deadlines } from '../../../../src/table/deadlines.ts';

/** A side that writes down what is done to it. */
class Side implements TunnelSide {
  handler!: SideHandler;
  readonly written: Buffer[] = [];
  readonly done: string[] = [];
  takes = true;
  begin(handler: SideHandler): void {
    this.handler = handler;
  }
  write(bytes: Uint8Array): boolean {
    this.written.push(Buffer.from(bytes));
    return this.takes;
  }
  end = () => void this.done.push('end');
  finish = () => this.#gone('finish');
  destroy = () => this.#gone('destroy');
  pause = () => void this.done.push('pause');
  resume = () => void this.done.push('resume');
  get text(): string {
    return Buffer.concat(this.written).toString('latin1');
  }
  #closed = false;
  #gone(how: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.done.push(how);
    queueMicrotask(() => this.handler.closed(how === 'destroy'));
  }
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

function stage({ webSocket = true, idleMs = 60_000, early = [] as Buffer[] } = {}) {
  const [client, endpoint] = [new Side(), new Side()];
  const closed = vi.fn<() => void>();
  const tunnels = new OpenTunnels();
  const deadlines = new Deadlines({ nowMs: () => performance.now() });
  const tunnel = new Tunnel({ deadlines, tunnels }, { client, endpoint, webSocket, idleMs, closed });
  tunnel.begin(early);
  return { client, endpoint, closed, tunnels, tunnel };
}

const HELLO = Buffer.from('\x81\x05hello', 'latin1');
const ANSWER = Buffer.from([0x88, 0x82, 0, 0, 0, 0, 3, 0xe9]);
const CLOSED = '\x88\x0c\x03\xe9going away';

/** What a masked Close that this edge has said means. */
function unmasked(text: string): string {
  const bytes = Buffer.from(text, 'latin1');
  expect((bytes[1] as number) & 0x80).toBe(0x80);
  return Buffer.from(bytes.subarray(6).map((byte, i) => byte ^ (bytes[2 + (i % 4)] as number))).toString('latin1');
}

test('what comes of one side goes to the other, what had come before first', () => {
  const { client, endpoint } = stage({ early: [Buffer.from('early ')] });
  client.handler.data(HELLO);
  endpoint.handler.data(Buffer.from('\x81\x02hi', 'latin1'));
  expect(endpoint.text).toBe(`early ${HELLO.toString('latin1')}`);
  expect(client.text).toBe('\x81\x02hi');
});

test('a side that takes no more has the other one wait', () => {
  const { client, endpoint } = stage();
  endpoint.takes = false;
  client.handler.data(HELLO);
  client.handler.data(HELLO);
  expect(client.done).toEqual(['pause']);
  endpoint.handler.drained();
  expect(client.done).toEqual(['pause', 'resume']);
  client.handler.drained();
  expect(endpoint.done).toEqual([]);
});

test('bytes in either direction, or room for them, keep it; nothing at all ends it', async () => {
  const { client, endpoint, closed } = stage({ idleMs: 1000 });
  for (const move of [
    () => client.handler.data(HELLO),
    () => endpoint.handler.data(HELLO),
    () => endpoint.handler.drained(),
  ]) {
    await vi.advanceTimersByTimeAsync(900);
    move();
  }
  await vi.advanceTimersByTimeAsync(900);
  expect(closed).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(200);
  expect([client.done, endpoint.done]).toEqual([['destroy'], ['destroy']]);
  expect(closed).toHaveBeenCalledOnce();
});

test('a half that ends is ended on the other side, and the other half goes on for a while', async () => {
  const { client, endpoint, closed } = stage({ idleMs: 3_600_000 });
  client.handler.ended();
  expect(endpoint.done).toEqual(['end']);
  endpoint.handler.data(HELLO);
  expect(client.text).toBe(HELLO.toString('latin1'));
  await vi.advanceTimersByTimeAsync(HALF_OPEN_MS - 100);
  expect(closed).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(200);
  expect(closed).toHaveBeenCalledOnce();
});

test.each([
  [false, 'finish'],
  [true, 'destroy'],
])('a side that is gone (broken: %s) takes the other with it: %s', async (broken, how) => {
  const { client, endpoint, closed } = stage();
  client.destroy = () => {};
  client.finish = () => {};
  client.handler.closed(broken);
  await vi.advanceTimersByTimeAsync(0);
  expect(endpoint.done).toEqual([how]);
  expect(closed).toHaveBeenCalledOnce();
});

test('a goodbye is said to both, and when both have answered it is over', async () => {
  const { client, endpoint, closed, tunnels } = stage();
  client.handler.data(HELLO);
  const gone = tunnels.sayGoodbye();
  expect(client.text).toBe(CLOSED);
  expect(unmasked(endpoint.text.slice(HELLO.length))).toBe('\x03\xe9going away');
  client.handler.data(Buffer.concat([HELLO, ANSWER.subarray(0, 4)]));
  expect(endpoint.text.length).toBe(HELLO.length + CLOSED.length + 4);
  client.handler.data(ANSWER.subarray(4));
  expect([client.done, endpoint.done]).toEqual([[], []]);
  endpoint.handler.data(Buffer.from([0x88, 0]));
  expect([client.done, endpoint.done]).toEqual([['finish'], ['finish']]);
  await gone;
  expect(closed).toHaveBeenCalledOnce();
});

test('a goodbye waits for the end of the frame that is on its way, and nothing follows it', () => {
  const { client, endpoint, tunnels } = stage();
  endpoint.handler.data(HELLO.subarray(0, 4));
  void tunnels.sayGoodbye();
  expect(client.text).toBe('\x81\x05he');
  endpoint.handler.data(HELLO.subarray(4, 6));
  endpoint.handler.data(Buffer.concat([HELLO.subarray(6), HELLO]));
  endpoint.handler.data(HELLO);
  expect(client.text).toBe(`\x81\x05hello${CLOSED}`);
});

test('behind a Close of the peer nothing is said; the other side still gets its own', async () => {
  const { client, endpoint, closed, tunnels } = stage();
  client.handler.data(ANSWER);
  const gone = tunnels.sayGoodbye();
  expect(endpoint.text).toBe(ANSWER.toString('latin1'));
  expect(client.text).toBe(CLOSED);
  endpoint.handler.data(Buffer.from([0x88, 0]));
  expect(client.text).toBe(CLOSED);
  await gone;
  expect(closed).toHaveBeenCalledOnce();
});

test('a Close that is on its way as the goodbye comes is passed on whole, and is the last', () => {
  const { client, endpoint, tunnels } = stage();
  client.handler.data(ANSWER.subarray(0, 3));
  void tunnels.sayGoodbye();
  client.handler.data(ANSWER.subarray(3));
  client.handler.data(HELLO);
  expect(endpoint.text.startsWith(ANSWER.toString('latin1'))).toBe(true);
  expect(endpoint.text).not.toContain('going');
});

test('who does not answer, or not end its frame, is cut off after a moment', async () => {
  const { client, endpoint, closed, tunnels } = stage();
  endpoint.handler.data(HELLO.subarray(0, 4));
  const gone = tunnels.sayGoodbye();
  await vi.advanceTimersByTimeAsync(CLOSE_ANSWER_MS - 100);
  client.handler.data(ANSWER);
  expect(closed).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(200);
  expect([client.done, endpoint.done]).toEqual([['destroy'], ['destroy']]);
  await gone;
});

test('another protocol has no word for it', async () => {
  const { client, endpoint, tunnels } = stage({ webSocket: false });
  await tunnels.sayGoodbye();
  expect([client.done, endpoint.done]).toEqual([['destroy'], ['destroy']]);
  expect(client.text + endpoint.text).toBe('');
});

test('without any, a goodbye is over at once; one that opens later is told at once', async () => {
  const tunnels = new OpenTunnels();
  await tunnels.sayGoodbye();
  const late = { sayGoodbye: vi.fn() };
  tunnels.add(late);
  expect(late.sayGoodbye).toHaveBeenCalledOnce();
});
