import { once } from 'node:events';
import { describe, expect, test, vi } from 'vitest';
import { countCell, SERVICE_CELLS, type ServiceCount } from '../../src/table/service-cells.ts';
import type { Rig } from '../support/bare-rig.ts';
import { type Handlers, Metadata, startGrpcClient, startGrpcServer, status } from '../support/grpc.ts';
import { startRig } from '../support/rig.ts';

// Calls of gRPC have copies where all that the client says is known once its answer begins; what it goes on saying has none.

const counted = ({ block, placement }: Rig, count: ServiceCount): number =>
  block.services[(placement.slots['shop'] as number) * SERVICE_CELLS + countCell(count)] as number;

describe.each(['on', 'off'])('calls of gRPC are mirrored, accelerator %s', (accelerator) => {
  async function stage(live: Partial<Handlers>, shadow: Partial<Handlers>, more = '') {
    const servers = await Promise.all([live, shadow].map(startGrpcServer));
    const [at, to] = servers.map(
      ({ port }) => `[{ cloud: aws, region: us-east-1, url: "http://127.0.0.1:${port}", protocol: h2c }]`,
    );
    const rig = await startRig(`version: 1
edge: { id: test, region: aws/us-east-1, accelerator: ${accelerator}, listeners: [{ listen: "127.0.0.1:0", http2: h2c }] }
backends:
  shadow: { endpoints: ${to} }
services:
  shop:
    mirror: { to: shadow, share: 100%, methods: [POST], ${more} }
    endpoints: ${at}
`);
    const becomes = (count: ServiceCount, times: number) =>
      vi.waitFor(() => expect([count, counted(rig, count)]).toEqual([count, times]), 5000);
    return { rig, client: startGrpcClient(rig.port), becomes };
  }

  test('a call of one message: the copy has it, its deadline and its metadata but for credentials, and is marked', async () => {
    const heard: { request: string; metadata: Metadata }[] = [];
    const { client, becomes } = await stage(
      {},
      {
        one: (call, answer) => {
          heard.push({ request: call.request.toString(), metadata: call.metadata });
          answer(null, Buffer.from('nobody hears it'));
        },
      },
    );
    const metadata = new Metadata();
    metadata.set('authorization', 'Bearer x');
    metadata.set('x-tenant-bin', Buffer.from([0, 255]));
    const called = await client.call(Buffer.from('hello'), { metadata, deadlineMs: 60_000 });
    expect(called).toMatchObject({ code: status.OK, answer: Buffer.from('hello') });
    await becomes('mirror-answered', 1);
    expect(heard.map(({ request }) => request)).toEqual(['hello']);
    expect(heard[0]?.metadata.get('authorization')).toEqual([]);
    expect(heard[0]?.metadata.get('x-tenant-bin')).toEqual([Buffer.from([0, 255])]);
    expect(heard[0]?.metadata.get('x-meridian-mirror')).toEqual(['1']);
  });

  test.each([
    ['behind a message', status.INTERNAL, 'mirror-failed'],
    ['of its own doing', status.UNAVAILABLE, 'mirror-failed'],
    ['that is the caller’s own', status.NOT_FOUND, 'mirror-answered'],
  ] as const)(
    'a copy that ends with a failure %s counts as what it means, and nobody hears of it',
    async (_, code, count) => {
      const { client, becomes } = await stage({}, { one: (_call, answer) => answer({ code, details: 'no' }) });
      expect(await client.call(Buffer.from('hello'))).toMatchObject({ code: status.OK, answer: Buffer.from('hello') });
      await becomes(count, 1);
    },
  );

  test('an answer of many messages is dropped as it comes, and one that does not end is given up', async () => {
    let cancelled = false;
    const { client, becomes } = await stage(
      {},
      {
        list: (call) => {
          call.write(Buffer.from('more'));
          call.on('cancelled', () => {
            cancelled = true;
          });
        },
      },
      'timeout: 300ms',
    );
    const answer = client.list(Buffer.from('ab'));
    const pieces: string[] = [];
    answer.on('data', (piece: Buffer) => pieces.push(piece.toString()));
    await once(answer, 'end');
    expect(pieces).toEqual(['a', 'b']);
    await becomes('mirror-failed', 1);
    await vi.waitFor(() => expect(cancelled).toBe(true), 3000);
  });

  test('a call whose client goes on talking while it is answered has no copy', async () => {
    const { client, becomes, rig } = await stage({}, {});
    const talk = client.talk();
    talk.write(Buffer.from('a'));
    const [answer] = (await once(talk, 'data')) as [Buffer];
    expect(answer.toString()).toBe('a');
    talk.end();
    talk.resume();
    await once(talk, 'end');
    await becomes('mirror-no-body', 1);
    expect(counted(rig, 'mirror-answered') + counted(rig, 'mirror-failed')).toBe(0);
  });

  test('one whose client has said all before it is answered has one, up to the size of bodies that are kept', async () => {
    const collected: number[] = [];
    const { client, becomes } = await stage(
      {},
      {
        collect: (call, done) => {
          let bytes = 0;
          call.on('data', (piece: Buffer) => {
            bytes += piece.length;
          });
          call.on('end', () => {
            collected.push(bytes);
            done(null, Buffer.from('ok'));
          });
        },
      },
      'body: 64KiB',
    );
    const collect = (pieces: number, bytes: number) =>
      new Promise<number | undefined>((resolve) => {
        const call = client.collect(new Metadata(), (_error, answer) => resolve(answer?.length));
        for (let i = 0; i < pieces; i += 1) call.write(Buffer.alloc(bytes, 120));
        call.end();
      });
    expect(await collect(3, 1000)).toBe(3000);
    await becomes('mirror-answered', 1);
    expect(collected).toEqual([3000]);
    expect(await collect(10, 10_000)).toBe(100_000);
    await becomes('mirror-no-body', 1);
    expect(collected).toEqual([3000]);
  });
});
