import { expect, test } from 'vitest';
import { BLOCK_FRAMES_MAX } from '../../src/edge/frames/block-assembly.ts';
import { block, F, frame, headers, type RawClient, request, settings, T, uint32 } from '../support/h2-raw.ts';
import { type H2Rig, h2Yaml, startH2Rig } from '../support/h2-rig.ts';
import { startOrigin } from '../support/origin.ts';

const ENHANCE_YOUR_CALM = 11;
const BLOCK = block(...request());

async function rigOf(edge = '', size = 3): Promise<H2Rig> {
  const origin = await startOrigin('one', (_, response) => response.end('x'.repeat(size)));
  return startH2Rig(h2Yaml([origin.port], '', edge), { unrecorded: true });
}

/** What a client sends as often as it can; `i` is how often it has. */
type Flood = (i: number) => Uint8Array;

const post = (id: number) => headers(id, request({ ':method': 'POST' }), F.endHeaders);

const FLOODS: Readonly<Record<string, { readonly before?: readonly Uint8Array[]; readonly flood: Flood }>> = {
  'streams that are reset at once': {
    flood: (i) => Buffer.concat([headers(1 + 2 * i, request()), frame(T.rst, 0, 1 + 2 * i, uint32(8))]),
  },
  'streams that we have to reset, by windows that are opened by nothing': {
    flood: (i) => Buffer.concat([post(1 + 2 * i), frame(T.window, 0, 1 + 2 * i, uint32(0))]),
  },
  'streams that we have to reset, by windows that are opened too far': {
    flood: (i) => Buffer.concat([post(1 + 2 * i), frame(T.window, 0, 1 + 2 * i, uint32(2 ** 31 - 1))]),
  },
  'streams that we have to reset, by requests that are none': {
    flood: (i) => headers(1 + 2 * i, request({}, 'connection', 'close')),
  },
  'streams that we have to reset, by more body than was announced': {
    flood: (i) =>
      Buffer.concat([
        headers(1 + 2 * i, request({ ':method': 'POST' }, 'content-length', '1'), F.endHeaders),
        frame(T.data, F.end, 1 + 2 * i, 'xx'),
      ]),
  },
  'streams beyond the limit': { before: [settings([4, 0])], flood: (i) => headers(1 + 2 * i, request()) },
  SETTINGS: { flood: () => settings() },
  PING: { flood: () => frame(T.ping, 0, 0, '12345678') },
  'PING with ACK': { flood: () => frame(T.ping, F.ack, 0, '12345678') },
  'DATA without data': { before: [post(1)], flood: () => frame(T.data, 0, 1) },
  'DATA of padding alone': { before: [post(1)], flood: () => frame(T.data, F.padded, 1, '\u0002\0\0') },
  PRIORITY: { flood: () => frame(T.priority, 0, 1, Buffer.alloc(5)) },
  'frames of an unknown type': { flood: () => frame(0x99, 0, 0, 'x') },
  GOAWAY: { flood: () => frame(T.goaway, 0, 0, uint32(0, 0)) },
  'windows that are opened byte by byte': {
    before: [settings([4, 0]), headers(1, request())],
    flood: () => frame(T.window, 0, 1, uint32(1)),
  },
  'header blocks without an end': {
    before: [frame(T.headers, 0, 1, BLOCK)],
    flood: () => frame(T.more, 0, 1, 'x'),
  },
  'header blocks of empty pieces': { before: [frame(T.headers, 0, 1, BLOCK)], flood: () => frame(T.more, 0, 1) },
};

async function floodOf(client: RawClient, flood: Flood): Promise<number> {
  let sent = 0;
  while (!client.ended && sent < 100_000) {
    const pieces: Uint8Array[] = [];
    for (let i = 0; i < 50; i += 1) pieces.push(flood(sent++));
    client.write(...pieces);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return sent;
}

test.each(Object.keys(FLOODS))('%s: the connection ends, and no other', async (name) => {
  const { before = [], flood } = FLOODS[name] as (typeof FLOODS)[string];
  const rig = await rigOf('', 100_000);
  const [client, other] = [rig.raw(), rig.raw()];
  client.write(...before);
  const sent = await floodOf(client, flood);
  expect(await client.goaway()).toBe(ENHANCE_YOUR_CALM);
  expect(sent).toBeLessThan(10_000);
  other.write(headers(1, request()), frame(T.window, 0, 0, uint32(1e6)), frame(T.window, 0, 1, uint32(1e6)));
  expect((await other.answer(1)).body).toHaveLength(100_000);
  await expect.poll(() => rig.table.live.inFlight.every((count) => count === 0)).toBe(true);
});

test('what is well behaved is no flood', async () => {
  const rig = await rigOf();
  const client = rig.raw();
  for (let i = 0; i < 600; i += 1) {
    const id = 1 + 2 * i;
    client.write(headers(id, request()), frame(T.ping, 0, 0, '12345678'), frame(T.window, 0, 0, uint32(3)));
    expect((await client.answer(id)).status).toBe('200');
  }
  expect(await client.ping()).toBe(true);
});

test.each([
  ['a list that is repeated by a byte a field', true],
  ['a block that is long as it comes', false],
])('%s ends the connection', async (_, bomb) => {
  const rig = await rigOf();
  const client = rig.raw();
  if (bomb) {
    // One entry of 4,000 bytes, put into the table, and then said 4,000 times over.
    const entry = Buffer.concat([Buffer.from([0x40, 1, 0x61, 0x7f, 0x81, 0x1e]), Buffer.alloc(3968, 'x')]);
    client.write(frame(T.headers, 5, 1, Buffer.concat([BLOCK, entry])));
    expect((await client.answer(1)).status).toBe('200');
    client.write(frame(T.headers, 5, 3, Buffer.concat([BLOCK, Buffer.alloc(4000, 0xbe)])));
  } else {
    client.write(frame(T.headers, 1, 1, block(...request(), 'x', 'y'.repeat(16_000))));
    for (let i = 0; i < 5; i += 1) client.write(frame(T.more, 0, 1, Buffer.alloc(16_000, 'x')));
  }
  expect(await client.goaway()).toBe(ENHANCE_YOUR_CALM);
});

test('a client that takes nothing of what it has us say is cut off', async () => {
  const rig = await rigOf('', 5_000_000);
  const client = rig.raw([4, 2 ** 31 - 1]);
  client.write(frame(T.window, 0, 0, uint32(2 ** 31 - 1 - 65_535)));
  client.socket.pause();
  for (let i = 0; i < 100; i += 1) client.write(headers(1 + 2 * i, request()));
  // What is held for it is bounded, however much it has asked for.
  await expect.poll(() => rig.table.live.inFlight.some((count) => count > 0)).toBe(true);
  client.socket.destroy();
  await expect.poll(() => rig.table.live.inFlight.every((count) => count === 0)).toBe(true);
});

test.each([
  ['nothing', []],
  ['a part of a frame', [frame(T.headers, 5, 1, BLOCK).subarray(0, 20)]],
  ['a part of a header block', [frame(T.headers, 1, 1, BLOCK)]],
])('a client that says %s and no more is not waited for', async (_, pieces) => {
  const rig = await rigOf('head_timeout: 100ms,');
  const client = pieces.length === 0 ? rig.silent() : rig.raw();
  client.write(...pieces);
  await client.close();
});

test('an idle connection is told so and closed', async () => {
  const rig = await rigOf('keep_alive: 1s,');
  const client = rig.raw();
  client.write(headers(1, request()));
  expect((await client.answer(1)).status).toBe('200');
  expect((await client.type(T.goaway))?.payload.readUInt32BE(4)).toBe(0);
  await client.close();
});

test('so many pieces of a header block are taken', async () => {
  const rig = await rigOf();
  const client = rig.raw();
  const pieces = Array.from({ length: BLOCK_FRAMES_MAX - 1 }, (_, i) =>
    frame(T.more, i === BLOCK_FRAMES_MAX - 2 ? F.endHeaders : 0, 1, i === 0 ? BLOCK : ''),
  );
  client.write(frame(T.headers, F.end, 1), ...pieces);
  expect((await client.answer(1)).status).toBe('200');
});
