import { expect, test } from 'vitest';
import { COPIED_BYTES_MAX, dataOf, lentDataOf } from '../../../../src/edge/general/answer-data.ts';
import { ChunkScanner } from '../../../../src/edge/message/chunks.ts';
import type { UpstreamConnection } from '../../../../src/edge/upstream/connection.ts';

/** A connection that has read these bytes, of which all belong to the body. */
function connectionOf(bytes: Buffer, framing: UpstreamConnection['framing']) {
  const chunks = new ChunkScanner();
  if (framing === 'chunked') chunks.scan(bytes, 0, bytes.length);
  const state = { framing, chunks, piece: { bytes, from: 0, to: bytes.length }, kept: 0, keepBytes };
  function keepBytes(): void {
    state.kept += 1;
  }
  return state as typeof state & UpstreamConnection;
}

test('a piece is copied out of the buffer that the next one is read into', () => {
  const bytes = Buffer.from('hello');
  const upstream = connectionOf(bytes, 'length');
  const data = dataOf(upstream);
  bytes.fill('x');
  expect(data?.toString()).toBe('hello');
  expect(upstream.kept).toBe(0);
});

test('a large one is not copied: it keeps its buffer', () => {
  const upstream = connectionOf(Buffer.alloc(COPIED_BYTES_MAX + 1), 'length');
  expect(dataOf(upstream)?.length).toBe(COPIED_BYTES_MAX + 1);
  expect(upstream.kept).toBe(1);
});

test('a piece without bytes of the body gives no data', () => {
  expect(dataOf(connectionOf(Buffer.alloc(0), 'length'))).toBeUndefined();
  expect(dataOf(connectionOf(Buffer.from('0\r\n\r\n'), 'chunked'))).toBeUndefined();
});

test.each([
  ['5\r\nhello\r\n', 'hello'],
  ['2;a=b\r\nhe\r\n3\r\nllo\r\n0\r\nX: y\r\n\r\n', 'hello'],
  ['5\r\nhel', 'hel'],
])('the data of chunks comes without their framing: %j', (text, data) => {
  for (const take of [dataOf, lentDataOf]) {
    expect(take(connectionOf(Buffer.from(text), 'chunked'))?.toString()).toBe(data);
  }
});
