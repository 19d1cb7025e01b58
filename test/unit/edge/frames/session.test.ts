import { once } from 'node:events';
import * as http2 from 'node:http2';
import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { recycle } from '../../../../src/edge/frames/frame-writer.ts';
import { HeldBytes } from '../../../../src/edge/frames/held-bytes.ts';
import type { FieldList } from '../../../../src/edge/frames/hpack/field-list.ts';
import { OutField } from '../../../../src/edge/frames/hpack/out-field.ts';
import { Session } from '../../../../src/edge/frames/session.ts';
import type { SessionHandler } from '../../../../src/edge/frames/session-handler.ts';
import type { LocalSettings, Role } from '../../../../src/edge/frames/settings.ts';
import type { Stream } from '../../../../src/edge/frames/stream.ts';

function settings(role: Role, windowBytes = 65_535): LocalSettings {
  return {
    role,
    streamsMax: 100,
    streamWindowBytes: windowBytes,
    connectionWindowBytes: Math.max(65_535, windowBytes),
    headerListBytesMax: 65_536,
    headerListBytesHardMax: 262_144,
    connectProtocol: false,
  };
}

/** What came on one stream, and what is still to be sent on it. */
type Message = {
  fields: string[];
  body: Buffer[];
  trailers: string[];
  ended: boolean;
  left?: Buffer | undefined;
  reset?: number;
};

function textsOf(list: FieldList): string[] {
  return list.fields.map(({ name, value }) => `${name.text}: ${value}`);
}

function outFields(texts: readonly string[]): OutField[] {
  return texts.map((text) => {
    const at = text.indexOf(': ', 1);
    return new OutField(text.slice(0, at), text.slice(at + 2));
  });
}

/** One side of a connection. A server answers each request with its own body, when that has ended, and trailers. */
class Side implements SessionHandler<Message> {
  readonly session: Session<Message>;
  readonly seen: Message[] = [];
  readonly held = new HeldBytes();
  failure = '';
  wants = false;
  onOutput = (): void => {};
  readonly #role: Role;
  readonly #answerFields: readonly string[];

  constructor(role: Role, windowBytes?: number, answerFields: readonly string[] = []) {
    this.#role = role;
    this.#answerFields = answerFields;
    this.session = new Session(settings(role, windowBytes), this, this.held);
    this.session.begin();
  }

  request(fields: readonly string[], body: Buffer | undefined): Message {
    const message: Message = { fields: [], body: [], trailers: [], ended: false };
    const stream = this.session.open(message, outFields(fields), body === undefined);
    if (body !== undefined) this.#send(stream, body);
    this.seen.push(message);
    return message;
  }

  headers(stream: Stream<Message>, list: FieldList): void {
    if (stream.headed) (stream.handler as Message).trailers = textsOf(list);
    else if (this.#role === 'server') {
      stream.handler = { fields: textsOf(list), body: [], trailers: [], ended: false };
      this.seen.push(stream.handler);
    } else {
      (stream.handler as Message).fields = textsOf(list);
      stream.headed = true;
    }
    this.#ifEnded(stream);
  }

  data(stream: Stream<Message>, bytes: Buffer, from: number, to: number): void {
    (stream.handler as Message).body.push(Buffer.from(bytes.subarray(from, to)));
    this.session.read(stream, to - from);
    this.#ifEnded(stream);
  }

  reset(stream: Stream<Message>, code: number): void {
    (stream.handler as Message).reset = code;
  }

  drained(stream: Stream<Message>): void {
    this.#send(stream, Buffer.alloc(0));
  }

  sent(): void {}

  goneAway(): void {}

  output(): void {
    this.wants = true;
    this.onOutput();
  }

  failed(_: number, cause: string): void {
    this.failure = cause;
  }

  #ifEnded(stream: Stream<Message>): void {
    const message = stream.handler as Message;
    if (!stream.remoteEnded) return;
    message.ended = true;
    if (this.#role === 'client') return;
    const body = Buffer.concat(message.body);
    this.session.headers(stream, outFields([':status: 200', ...this.#answerFields]), false);
    this.#send(stream, body);
  }

  #send(stream: Stream<Message>, body: Buffer): void {
    if (body.length > 0) this.session.data(stream, body, 0, body.length);
    if (stream.pendingBytes > 0 || stream.localEnded || stream.closed) {
      if (stream.pendingBytes > 0 && stream.ending === false) this.session.end(stream, outFields(['x-sum: ok']));
      return;
    }
    this.session.end(stream, outFields(['x-sum: ok']));
  }
}

/** Carries what both say to the other, in pieces of the given lengths, until neither has anything to say. */
function converse(a: Side, b: Side, lengths: readonly number[]): void {
  let turn = 0;
  for (let rounds = 0; rounds < 100_000 && (a.wants || b.wants); rounds += 1) {
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      from.wants = false;
      const bytes = Buffer.concat(from.session.writer.take());
      from.session.stall(false);
      for (let at = 0; at < bytes.length; ) {
        const end = Math.min(bytes.length, at + (lengths[turn++ % lengths.length] as number));
        to.session.receive(bytes, at, end, rounds);
        at = end;
      }
    }
  }
}

const REQUEST = [
  ':method: POST',
  ':scheme: http',
  ':path: /some/where',
  ':authority: shop.example',
  'x-one: 1',
  'x-two: ü',
];

test('what one side sends the other gets, however the bytes are cut and however small the windows are', () => {
  const piece = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 40_000 }));
  const body = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 300 }), fc.integer({ min: 1, max: 150_000 }));
  const bodies = fc.array(body, { minLength: 1, maxLength: 12 });
  const windowBytes = fc.constantFrom(3000, 65_535, 200_000);
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 10 }), bodies, windowBytes, (lengths, sizes, windows) => {
      const [client, server] = [
        new Side('client', windows),
        new Side('server', windows, ['x-answer: yes', 'x-two: ü']),
      ];
      const sent = sizes.map((size, i) => Buffer.alloc(size, `${i}-`));
      for (const bytes of sent) client.request([...REQUEST, `x-size: ${bytes.length}`], bytes);
      converse(client, server, lengths);
      expect([client.failure, server.failure]).toEqual(['', '']);
      expect(client.seen.map(({ fields }) => fields)).toEqual(
        sent.map(() => [':status: 200', 'x-answer: yes', 'x-two: ü']),
      );
      expect(server.seen.map(({ fields }) => fields)).toEqual(
        sent.map((bytes) => [...REQUEST, `x-size: ${bytes.length}`]),
      );
      for (const [i, message] of client.seen.entries()) {
        expect(Buffer.concat(message.body).equals(sent[i] as Buffer)).toBe(true);
        expect(message).toMatchObject({ trailers: ['x-sum: ok'], ended: true });
      }
      expect([client.session.streams.size, server.session.streams.size]).toEqual([0, 0]);
      expect([client.held.taken, server.held.taken]).toEqual([0, 0]);
    }),
    { numRuns: 60 },
  );
});

/** Joins a side to a socket. */
function join(side: Side, socket: Socket): void {
  const flush = (): void => {
    for (const chunk of side.session.writer.take()) socket.write(chunk, () => recycle(chunk));
    side.session.stall(false);
  };
  side.onOutput = () => void setImmediate(flush);
  side.output();
  socket.on('data', (bytes: Buffer) => side.session.receive(bytes, 0, bytes.length, performance.now()));
  socket.on('error', () => socket.destroy());
}

test('the client of node:http2 is answered', async () => {
  const sides: Side[] = [];
  const server = createServer((socket) => {
    const side = new Side('server', 65_535, ['content-type: text/plain', 'x-ü: no'.replace('ü', 'u')]);
    sides.push(side);
    join(side, socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = http2.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  onTestFinished(() => {
    client.destroy();
    server.close();
  });
  const answers = await Promise.all(
    Array.from({ length: 90 }, async (_, i) => {
      const body = Buffer.alloc(i * 1997, `${i}`);
      const request = client.request({ ':method': 'PUT', ':path': `/${i}`, 'x-number': String(i % 7), cookie: 'a=b' });
      request.end(body);
      const [headers] = (await once(request, 'response')) as [http2.IncomingHttpHeaders];
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      return { status: headers[':status'], type: headers['content-type'], same: Buffer.concat(chunks).equals(body) };
    }),
  );
  expect(answers).toEqual(answers.map(() => ({ status: 200, type: 'text/plain', same: true })));
  expect(sides.map(({ failure }) => failure)).toEqual(['']);
});

test('a server of node:http2 answers', async () => {
  const server = http2.createServer((request, response) => {
    response.writeHead(200, { 'x-path': request.url, 'content-type': 'text/plain' });
    request.pipe(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = dial((server.address() as AddressInfo).port, '127.0.0.1');
  const side = new Side('client');
  join(side, socket);
  onTestFinished(() => {
    socket.destroy();
    server.close();
  });
  const bodies = Array.from({ length: 60 }, (_, i) => Buffer.alloc(i * 1999, `${i}`));
  const asked = bodies.map((body, i) =>
    side.request([':method: POST', ':scheme: http', ':authority: a', `:path: /${i}`, `x-a: ${i % 5}`], body),
  );
  await expect.poll(() => asked.every(({ ended }) => ended)).toBe(true);
  for (const [i, { fields, body }] of asked.entries()) {
    expect(fields.slice(0, 3)).toEqual([':status: 200', `x-path: /${i}`, 'content-type: text/plain']);
    expect(Buffer.concat(body).equals(bodies[i] as Buffer)).toBe(true);
  }
  expect(side.failure).toBe('');
});
