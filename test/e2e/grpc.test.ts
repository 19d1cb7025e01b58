import { once } from 'node:events';
import { constants } from 'node:http2';
import type { ServerDuplexStream, ServerUnaryCall, StatusObject } from '@grpc/grpc-js';
import { describe, expect, test, vi } from 'vitest';
import { type Handlers, Metadata, startGrpcClient, startGrpcServer, status } from '../support/grpc.ts';
import { startH2Origin } from '../support/h2-origin.ts';
import { startH2Rig } from '../support/h2-rig.ts';
import { startRig } from '../support/rig.ts';

const PLACES = ['aws, region: us-east-1', 'gcp, region: europe-west1'];
const MIB = 1024 * 1024;

type Given = { readonly tls: boolean; readonly accelerator: string };

function yamlOf({ tls, accelerator }: Given, ports: readonly number[], service: string): string {
  const listen = tls ? 'listen: "127.0.0.1:0"' : 'listeners: [{ listen: "127.0.0.1:0", http2: h2c }]';
  const endpoints = ports.map(
    (port, i) => `      - { cloud: ${PLACES[i]}, url: "http://127.0.0.1:${port}", protocol: h2c }`,
  );
  return `version: 1
edge: { id: test, region: aws/us-east-1, accelerator: ${accelerator}, ${listen} }
services:
  shop:
${service}
    endpoints:
${endpoints.join('\n')}
`;
}

describe.each([
  { tls: false, accelerator: 'on' },
  { tls: true, accelerator: 'on' },
  { tls: false, accelerator: 'off' },
  { tls: true, accelerator: 'off' },
])('calls of gRPC, TLS $tls, accelerator $accelerator', (given) => {
  async function stage(handlers: readonly Partial<Handlers>[] = [{}], service = '') {
    const servers = await Promise.all(handlers.map(startGrpcServer));
    const ports = servers.map(({ port }) => port);
    return { servers, ...(await stageBefore(ports, service)) };
  }

  async function stageBefore(ports: readonly number[], service = '') {
    const yaml = yamlOf(given, ports, service);
    const rig = given.tls ? await startH2Rig(yaml) : { ...(await startRig(yaml)), ca: undefined };
    return { rig, client: startGrpcClient(rig.port, rig.ca) };
  }

  test('one message, and one for it, with what is said beside', async () => {
    let heard: ServerUnaryCall<Buffer, Buffer> | undefined;
    const { client, rig } = await stage([
      {
        one: (call, answer) => {
          heard = call;
          const head = new Metadata();
          head.set('x-head', 'h');
          head.set('x-head-bin', Buffer.from([0, 1, 255]));
          call.sendMetadata(head);
          const trailers = new Metadata();
          trailers.add('x-tail', 'a');
          trailers.set('x-tail-bin', Buffer.from([9, 8]));
          answer(null, Buffer.from(`${call.request.toString()}!`), trailers);
        },
      },
    ]);
    const metadata = new Metadata();
    metadata.set('x-from', 'client');
    metadata.set('x-from-bin', Buffer.from([255, 0, 13, 10]));
    const called = await client.call(Buffer.from('hello'), { metadata, deadlineMs: 60_000 });
    expect(called).toMatchObject({ code: status.OK, answer: Buffer.from('hello!') });
    expect(called.metadata?.get('x-head')).toEqual(['h']);
    expect(called.metadata?.get('x-head-bin')).toEqual([Buffer.from([0, 1, 255])]);
    expect(called.trailers.get('x-tail')).toEqual(['a']);
    expect(called.trailers.get('x-tail-bin')).toEqual([Buffer.from([9, 8])]);
    expect(heard?.metadata.get('x-from')).toEqual(['client']);
    expect(heard?.metadata.get('x-from-bin')).toEqual([Buffer.from([255, 0, 13, 10])]);
    const leftMs = Number(heard?.getDeadline()) - Date.now();
    expect(leftMs).toBeGreaterThan(20_000);
    expect(leftMs).toBeLessThanOrEqual(60_000);
    await vi.waitFor(() => expect(rig.records).toHaveLength(1));
    expect(rig.records[0]).toMatchObject({ status: 200, attempts: [{ outcome: 'success' }] });
  });

  test('many messages one way', async () => {
    const { client } = await stage();
    const answered = Promise.withResolvers<Buffer>();
    const call = client.collect(new Metadata(), (error, answer) =>
      error === null ? answered.resolve(answer as Buffer) : answered.reject(error),
    );
    for (let i = 0; i < 50; i += 1) call.write(Buffer.from([i]));
    call.end();
    expect(await answered.promise).toEqual(Buffer.from(Array.from({ length: 50 }, (_, i) => i)));

    const listed: Buffer[] = [];
    for await (const piece of client.list(Buffer.from('abcdef'))) listed.push(piece as Buffer);
    expect(Buffer.concat(listed).toString()).toBe('abcdef');
  });

  test('each message of a talk passes at once, while both sides are open', async () => {
    const { client } = await stage();
    const call = client.talk();
    for (let i = 0; i < 20; i += 1) {
      const back = once(call, 'data');
      call.write(Buffer.from(`message ${i}`));
      expect(String((await back)[0])).toBe(`message ${i}`);
    }
    call.end();
    call.resume();
    const [end] = (await once(call, 'status')) as [{ code: number }];
    expect(end.code).toBe(status.OK);
  });

  test('a server that speaks first is heard before its client has said anything', async () => {
    const { client } = await stage([
      {
        talk: (call) => {
          call.write(Buffer.from('first'));
          call.on('data', () => call.end());
        },
      },
    ]);
    const call = client.talk();
    expect(String((await once(call, 'data'))[0])).toBe('first');
    call.write(Buffer.from('go'));
    const [end] = (await once(call.resume(), 'status')) as [{ code: number }];
    expect(end.code).toBe(status.OK);
  });

  test('a talk may rest for longer than a first byte may take', async () => {
    const { client } = await stage([{}], '    timeouts: { first_byte: 100ms, connect: 100ms }');
    const call = client.talk();
    const heard: string[] = [];
    call.on('data', (piece: Buffer) => heard.push(piece.toString()));
    for (const said of ['a', 'b']) {
      call.write(Buffer.from(said));
      await vi.waitFor(() => expect(heard.at(-1)).toBe(said));
      // Time has to pass: it is what must not matter.
      await new Promise((resolve) => setTimeout(resolve, 400));
    }
    call.end();
    const [end] = (await once(call, 'status')) as [{ code: number }];
    expect(end.code).toBe(status.OK);
  });

  test('an error comes with its status, its message and its trailers', async () => {
    const { client, rig } = await stage([
      {
        one: (_, answer) => {
          const metadata = new Metadata();
          metadata.set('x-why', 'no such thing');
          answer({ code: status.NOT_FOUND, details: 'nö: 100 % gone\n', metadata });
        },
      },
    ]);
    const called = await client.call(Buffer.from('x'));
    expect(called).toMatchObject({ code: status.NOT_FOUND, details: 'nö: 100 % gone\n', answer: undefined });
    expect(called.trailers.get('x-why')).toEqual(['no such thing']);
    await vi.waitFor(() => expect(rig.records).toHaveLength(1));
    expect(rig.records[0]).toMatchObject({ attempts: [{ outcome: 'success' }] });
  });

  test('a talk that its server breaks off with an error ends with that error', async () => {
    const { client } = await stage([
      {
        talk: (call) => {
          call.once('data', (piece: Buffer) => {
            call.write(piece);
            call.emit('error', { code: status.ABORTED, details: 'enough' });
          });
        },
      },
    ]);
    const call = client.talk();
    call.on('error', () => {});
    const heard: string[] = [];
    call.on('data', (piece: Buffer) => heard.push(piece.toString()));
    const ended = Promise.withResolvers<StatusObject>();
    call.on('status', ended.resolve);
    call.write(Buffer.from('one'));
    expect(await ended.promise).toMatchObject({ code: status.ABORTED, details: 'enough' });
    expect(heard).toEqual(['one']);
  });

  test('a deadline that passes cancels the call at its server, and nobody is blamed', async () => {
    // One of grpc-js would end the call by itself, since it knows the deadline.
    const cancelled = Promise.withResolvers<number>();
    const origin = await startH2Origin({
      begun: (stream) => stream.on('close', () => cancelled.resolve(stream.rstCode ?? 0)),
    });
    const { client, rig } = await stageBefore([origin.port]);
    // On a machine that is busy a call may end before it has gone anywhere.
    do expect((await client.call(Buffer.from('x'), { deadlineMs: 300 })).code).toBe(status.DEADLINE_EXCEEDED);
    while (origin.requests.length === 0);
    expect(await cancelled.promise).toBe(constants.NGHTTP2_CANCEL);
    await vi.waitFor(() => expect(rig.records.at(-1)).toMatchObject({ how: 'client-gone' }));
    expect([...rig.block.inFlight].every((count) => count === 0)).toBe(true);
  });

  test('a client that cancels a talk cancels it at the server', async () => {
    const cancelled = Promise.withResolvers<void>();
    const { client, rig } = await stage([
      {
        talk: (call: ServerDuplexStream<Buffer, Buffer>) => {
          call.on('cancelled', () => cancelled.resolve());
          call.on('data', (piece: Buffer) => void call.write(piece));
        },
      },
    ]);
    const call = client.talk();
    call.on('error', () => {});
    call.write(Buffer.from('x'));
    await once(call, 'data');
    call.cancel();
    await cancelled.promise;
    await vi.waitFor(() => expect(rig.records[0]).toMatchObject({ how: 'client-gone' }));
    // The connection is as good as before.
    expect((await client.call(Buffer.from('y'))).answer).toEqual(Buffer.from('y'));
  });

  test('what this edge answers by itself is understood', async () => {
    const { client, servers, rig } = await stage();
    servers[0]!.kill();
    expect((await client.call(Buffer.from('x'))).code).toBe(status.UNAVAILABLE);
    await vi.waitFor(() => expect(rig.records).toHaveLength(1));
  });

  test('endpoints are told how long they have, and that trailers are taken', async () => {
    const origin = await startH2Origin({
      answer: (stream) =>
        stream.respond(
          { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': 5, 'grpc-message': 'no' },
          { endStream: true },
        ),
    });
    const { client } = await stageBefore([origin.port]);
    const called = await client.call(Buffer.from('x'), { deadlineMs: 60_000 });
    expect(called).toMatchObject({ code: status.NOT_FOUND, details: 'no' });
    const [asked] = origin.requests;
    expect(asked?.headers).toMatchObject({ te: 'trailers', 'content-type': 'application/grpc' });
    expect(asked?.headers['grpc-timeout']).toMatch(/^\d+[mSun]$/);
  });

  test('big messages go both ways, also many at once', async () => {
    const { client } = await stage();
    const bodies = Array.from({ length: 4 }, (_, i) => Buffer.alloc(MIB, `${i}big`));
    const calls = await Promise.all(bodies.map((body) => client.call(body)));
    for (const [i, { code, answer }] of calls.entries()) {
      expect(code).toBe(status.OK);
      expect(answer?.equals(bodies[i] as Buffer)).toBe(true);
    }
    const call = client.talk();
    const back = once(call, 'data');
    call.write(bodies[0] as Buffer);
    expect(((await back)[0] as Buffer).equals(bodies[0] as Buffer)).toBe(true);
    call.cancel();
    call.on('error', () => {});
  });

  test('fifty calls at once over one connection, each with its own answer', async () => {
    const { client, rig } = await stage();
    const calls = await Promise.all(Array.from({ length: 50 }, (_, i) => client.call(Buffer.from(`call ${i}`))));
    expect(calls.map(({ answer }) => answer?.toString())).toEqual(Array.from({ length: 50 }, (_, i) => `call ${i}`));
    await vi.waitFor(() => expect(rig.records).toHaveLength(50));
  });

  test('what a server says it cannot begin is done by another one', async () => {
    const { client } = await stage([
      { one: (_, answer) => answer({ code: status.UNAVAILABLE, details: 'not now' }) },
      { one: (_, answer) => answer(null, Buffer.from('other')) },
    ]);
    expect(await client.call(Buffer.from('x'))).toMatchObject({ code: status.OK, answer: Buffer.from('other') });
  });

  test('a server that goes away in the middle of many calls loses none of them', async () => {
    const said = (name: string): Partial<Handlers> => ({
      one: (_, answer) => void setTimeout(() => answer(null, Buffer.from(name)), 5),
    });
    const { client, servers } = await stage([said('one'), said('two')]);
    const ends: Promise<void>[] = [];
    const results = await run(400, 20, async (i) => {
      if (i === 150) ends.push(servers[0]!.shutdown());
      return client.call(Buffer.from('x'));
    });
    await Promise.all(ends);
    expect(results.filter(({ code }) => code !== status.OK)).toEqual([]);
    const names = results.map(({ answer }) => answer?.toString());
    expect(names.slice(0, 100)).toContain('one');
    expect(new Set(names.slice(-50))).toEqual(new Set(['two']));
  });

  test('an edge that goes down ends the calls that it has, talks too', async () => {
    const waiting: (() => void)[] = [];
    const { client, rig } = await stage([
      { one: (call, answer) => void waiting.push(() => answer(null, call.request)) },
    ]);
    const calls = Array.from({ length: 20 }, (_, i) => client.call(Buffer.from(`${i}`)));
    const talk = client.talk();
    talk.write(Buffer.from('before'));
    expect(String((await once(talk, 'data'))[0])).toBe('before');
    await vi.waitFor(() => expect(waiting).toHaveLength(20));
    rig.edge.listener.startDraining();
    const stopped = rig.edge.listener.stop();
    rig.edge.listener.writeLevels();
    talk.write(Buffer.from('after'));
    expect(String((await once(talk, 'data'))[0])).toBe('after');
    for (const answer of waiting) answer();
    expect((await Promise.all(calls)).map(({ answer }) => Number(answer?.toString()))).toEqual([...calls.keys()]);
    talk.end();
    const [end] = (await once(talk.resume(), 'status')) as [{ code: number }];
    expect(end.code).toBe(status.OK);
    await stopped;
  });

  test('a server that is killed fails no call but those that were under way', async () => {
    const { client, servers } = await stage([
      { one: (_, answer) => void setTimeout(() => answer(null, Buffer.from('one')), 5) },
      { one: (_, answer) => answer(null, Buffer.from('two')) },
    ]);
    const [calls, atOnce, killedAt] = [400, 20, 150];
    const results = await run(calls, atOnce, async (i) => {
      if (i === killedAt) servers[0]!.kill();
      return client.call(Buffer.from('x'));
    });
    expect(results.slice(0, killedAt - atOnce).every(({ answer }) => answer?.toString() === 'one')).toBe(true);
    // A call may have been made when its server is gone before it has answered: it is not made again.
    const failed = [...results.entries()].filter(([, { code }]) => code !== status.OK);
    expect(failed.length).toBeLessThanOrEqual(2 * atOnce);
    for (const [i, { code }] of failed) {
      // One whose answer had begun ends in the middle of it.
      expect([status.UNAVAILABLE, status.INTERNAL]).toContain(code);
      expect(Math.abs(i - killedAt)).toBeLessThanOrEqual(2 * atOnce);
    }
    expect(results.at(-1)?.answer?.toString()).toBe('two');
  });
});

/** Does something so many times, at most `atOnce` at a time. */
async function run<T>(times: number, atOnce: number, one: (i: number) => Promise<T>): Promise<readonly T[]> {
  const results: T[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < times) {
      const i = next++;
      results[i] = await one(i);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}
