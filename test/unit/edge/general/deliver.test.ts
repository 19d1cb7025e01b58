import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { expect, test, vi } from 'vitest';
import { Delivery } from '../../../../src/edge/general/deliver.ts';
import { ListedFields } from '../../../../src/edge/message/request-head.ts';
import type { Exchange } from '../../../../src/edge/request/exchange.ts';
import type { Forwarding } from '../../../../src/edge/request/forwarding.ts';
import { dial, portOf, readToEnd } from '../../../support/raw-http.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';

type Taken = {
  readonly delivery: Delivery;
  readonly flow: { readonly pause: () => void; readonly resume: () => void };
  readonly forwarding: { -readonly [K in keyof Forwarding]: Forwarding[K] };
};

/** A server that answers each request by what `answer` does with its delivery, as soon as it is announced. */
async function serve(answer: (taken: Taken) => void, hasBody = false) {
  const writes: string[] = [];
  const server = createServer((request, response) => answer(deliveryOf(request, response, hasBody)));
  server.on('connection', (socket: Socket) => {
    const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
    socket.write = (data: Buffer | string, ...rest: unknown[]) => {
      writes.push(data.toString());
      return write(data, ...rest);
    };
  });
  return { writes, socket: await dial(await portOf(server)) };
}

function deliveryOf(request: IncomingMessage, response: ServerResponse, hasBody: boolean): Taken {
  const head = { method: 'GET', version: '1.1', hasBody, fields: new ListedFields([]) };
  const forwarding = {
    exchange: {
      head,
      requestId: 'r-1',
      chaos: '',
      explained: false,
      state: { rules: undefined },
    } as unknown as Exchange,
    head: { status: 200, reason: 'OK', headers: ['Content-Length', '5'] },
    trailers: [],
    added: [],
    answeredBy: undefined,
    fault: undefined,
    faultStatus: undefined,
    abandon: vi.fn(),
  };
  const deps = { pseudonym: () => 'edge', draining: () => false, keepAliveMs: () => 5000, random: () => 0 };
  const delivery = new Delivery(deps, request, response, forwarding);
  return { delivery, forwarding, flow: { pause: vi.fn(), resume: vi.fn() } };
}

test('a small whole body is one write with its head', async () => {
  const { writes, socket } = await serve(({ delivery, flow }) => {
    delivery.answerBegun(flow);
    delivery.answerData(flow, Buffer.from('h\xe9llo', 'latin1'));
    delivery.answerEnded();
  });
  socket.write(GET);
  expect(await readToEnd(socket)).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*X-Request-Id: r-1\r\n[^]*\r\n\r\nh\xe9llo$/);
  expect(writes).toHaveLength(1);
});

test('the head of a body that lets itself be waited for goes out alone, and so does a body whose end is not announced', async () => {
  const taken: Taken[] = [];
  const { writes, socket } = await serve((one) => {
    taken.push(one);
    one.delivery.answerBegun(one.flow);
  });
  socket.write(GET);
  await vi.waitFor(() => expect(writes.join('')).toMatch(/\r\n\r\n$/));
  const { delivery, flow } = taken[0] as Taken;
  delivery.answerData(flow, Buffer.from('hello'));
  await vi.waitFor(() => expect(writes.join('')).toMatch(/\r\n\r\nhello$/));
  delivery.answerEnded();
  expect(await readToEnd(socket)).toMatch(/hello$/);
});

test('a client that does not read pauses the endpoint, and reading on resumes it', async () => {
  const taken: Taken[] = [];
  const { socket } = await serve((one) => {
    taken.push(one);
    one.forwarding.head = { status: 200, reason: 'OK', headers: [] };
    one.delivery.answerBegun(one.flow);
    one.delivery.answerData(one.flow, Buffer.alloc(8 * 1024 * 1024));
  });
  socket.pause();
  socket.write(GET);
  await vi.waitFor(() => expect(taken).toHaveLength(1));
  const { delivery, flow } = taken[0] as Taken;
  expect(flow.pause).toHaveBeenCalledTimes(1);
  delivery.answerData(flow, Buffer.alloc(10));
  expect(flow.pause).toHaveBeenCalledTimes(1);
  expect(flow.resume).not.toHaveBeenCalled();
  socket.resume();
  await vi.waitFor(() => expect(flow.resume).toHaveBeenCalledTimes(1));
  delivery.answerEnded();
  await readToEnd(socket);
});

test('a large body of a known length is written from where it was read, which is overwritten only once it has left', async () => {
  const [half, rest] = [Buffer.alloc(100_000, 'a'), Buffer.alloc(30_000, 'b')];
  const free: boolean[] = [];
  const { writes, socket } = await serve(({ delivery, flow, forwarding }) => {
    forwarding.head = { status: 200, reason: 'OK', headers: ['Content-Length', '130000'] };
    delivery.answerBegun(flow);
    expect(delivery.takesLent).toBe(true);
    for (const chunk of [half, rest]) {
      free.push(delivery.answerData(flow, chunk));
      if (free.at(-1) === true) chunk.fill('x');
    }
    delivery.answerEnded();
  });
  socket.write(GET);
  const text = await readToEnd(socket);
  expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\na{100000}b{30000}$/);
  expect(writes.length).toBeLessThan(6);
});

test('while a client does not take it, large pieces are kept, small ones are copied, and the endpoint is paused', async () => {
  const taken: Taken[] = [];
  const free: boolean[] = [];
  const large = Buffer.alloc(8 * 1024 * 1024, 'a');
  const small = Buffer.alloc(10, 'b');
  const { socket } = await serve((one) => {
    taken.push(one);
    const length = String(large.length + 2 * small.length);
    one.forwarding.head = { status: 200, reason: 'OK', headers: ['Content-Length', length] };
    one.delivery.answerBegun(one.flow);
    for (const chunk of [large, small, small]) free.push(one.delivery.answerData(one.flow, chunk));
    small.fill('x');
  });
  socket.pause();
  socket.write(GET);
  await vi.waitFor(() => expect(free).toEqual([false, true, true]));
  const { delivery, flow } = taken[0] as Taken;
  expect(flow.pause).toHaveBeenCalledTimes(1);
  expect(flow.resume).not.toHaveBeenCalled();
  const whole = readToEnd(socket);
  await vi.waitFor(() => expect(flow.resume).toHaveBeenCalledTimes(1));
  delivery.answerEnded();
  expect(await whole).toMatch(/ab{20}$/);
});

test('an answer that breaks off breaks the connection, and the client that left is reported', async () => {
  const taken: Taken[] = [];
  const { socket } = await serve((one) => {
    taken.push(one);
    one.delivery.answerBegun(one.flow);
    one.delivery.answerData(one.flow, Buffer.from('hel'));
  });
  socket.write(GET.replace('Connection: close\r\n', ''));
  await new Promise((resolve) => socket.once('data', resolve));
  taken[0]?.delivery.answerFailed();
  expect(await readToEnd(socket)).toBe('');
  expect(taken[0]?.forwarding.abandon).toHaveBeenCalled();
});

test('a fault while the request is being taken does not close the connection for a body that is here', async () => {
  const { socket } = await serve(({ delivery, forwarding }) => {
    forwarding.head = undefined;
    forwarding.fault = { kind: 'no-candidate', sent: 'nothing', cause: 'nobody' };
    delivery.answerFailed();
  }, true);
  const answered = new Promise<string>((resolve) => {
    socket.once('data', (bytes) => resolve(bytes.toString('latin1')));
  });
  socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi');
  const answer = await answered;
  expect(answer).toMatch(/^HTTP\/1\.1 503 /);
  expect(answer).not.toMatch(/connection: close/i);
  socket.destroy();
});
