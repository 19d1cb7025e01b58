import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { crc32c } from '../../../../src/edge/client/crc32c.ts';
import { readProxyHeader, V1_BYTES_MAX, V2_BYTES_MAX } from '../../../../src/edge/client/proxy-header.ts';

const SIGNATURE = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1');

function v2(command: number, family: number, ...parts: readonly (Buffer | readonly number[])[]): Buffer {
  const rest = Buffer.concat(parts.map((part) => Buffer.from(part as Buffer)));
  const length = Buffer.alloc(2);
  length.writeUInt16BE(rest.length);
  return Buffer.concat([SIGNATURE, Buffer.from([command, family]), length, rest]);
}

const ADDRESSES4 = [203, 0, 113, 9, 10, 0, 0, 1, 0x12, 0x67, 1, 187];
const tlv = (type: number, value: Buffer) =>
  Buffer.concat([Buffer.from([type, value.length >> 8, value.length & 255]), value]);
const clientOf = (bytes: Buffer) => {
  const header = readProxyHeader(bytes);
  return typeof header === 'object' && 'client' in header ? header.client : header;
};

describe('version 1', () => {
  test.each([
    ['PROXY TCP4 203.0.113.9 10.0.0.1 4711 443\r\n', { address: '203.0.113.9', port: 4711 }],
    ['PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n', { address: '255.255.255.255', port: 65_535 }],
    ['PROXY TCP6 2001:db8::9 ::1 0 443\r\n', { address: '2001:db8::9', port: 0 }],
    ['PROXY TCP6 ::ffff:203.0.113.9 ::1 1 443\r\n', { address: '203.0.113.9', port: 1 }],
    ['PROXY UNKNOWN\r\n', undefined],
    ['PROXY UNKNOWN ffff:: whatever 1 2 3\r\n', undefined],
  ])('%j', (line, expected) => {
    const bytes = Buffer.from(`${line}GET / HTTP/1.1\r\n`);
    expect(readProxyHeader(bytes)).toEqual({ client: expected, length: line.length });
  });

  test.each([
    'PROXY TCP4 203.0.113.9 10.0.0.1 4711\r\n',
    'PROXY TCP4 203.0.113.9 10.0.0.1 4711 443 \r\n',
    'PROXY TCP4 203.0.113.9  10.0.0.1 4711 443\r\n',
    'PROXY TCP4 203.0.113.9 10.0.0.1 4711 65536\r\n',
    'PROXY TCP4 203.0.113.9 10.0.0.1 04711 443\r\n',
    'PROXY TCP4 203.0.113.9 10.0.0.1 -1 443\r\n',
    'PROXY TCP4 203.0.113.09 10.0.0.1 1 443\r\n',
    'PROXY TCP4 2001:db8::9 ::1 1 443\r\n',
    'PROXY TCP6 203.0.113.9 10.0.0.1 1 443\r\n',
    'PROXY TCP6 fe80::1%eth0 ::1 1 443\r\n',
    'PROXY TCP5 203.0.113.9 10.0.0.1 1 443\r\n',
    'PROXY UNKNOWNS\r\n',
    'PROXY \r\n',
    'PROXY TCP4 203.0.113.9 10.0.0.1 4711 443\nGET /\r\n',
    'proxy TCP4 203.0.113.9 10.0.0.1 4711 443\r\n',
    'GET / HTTP/1.1\r\n',
    'PROXY\tTCP4',
    `PROXY ${'x'.repeat(V1_BYTES_MAX)}`,
  ])('%j is none', (line) => {
    expect(readProxyHeader(Buffer.from(line))).toHaveProperty('problem');
  });

  test('an end at the last byte that is allowed is one, and one behind it is not', () => {
    const line = (length: number) => Buffer.from(`PROXY UNKNOWN ${'x'.repeat(length - 16)}\r\n`);
    expect(readProxyHeader(line(V1_BYTES_MAX))).toEqual({ client: undefined, length: V1_BYTES_MAX });
    expect(readProxyHeader(line(V1_BYTES_MAX + 1))).toHaveProperty('problem');
  });
});

describe('version 2', () => {
  test.each([
    ['TCP over IPv4', v2(0x21, 0x11, ADDRESSES4), { address: '203.0.113.9', port: 4711 }],
    [
      'with additions',
      v2(0x21, 0x11, ADDRESSES4, tlv(1, Buffer.from('h2')), tlv(0xea, Buffer.alloc(30)), tlv(4, Buffer.alloc(0))),
      { address: '203.0.113.9', port: 4711 },
    ],
    [
      'TCP over IPv6',
      v2(0x21, 0x21, Buffer.from('20010db8000000000000000000000009', 'hex'), Buffer.alloc(16), [0, 7, 1, 187]),
      { address: '2001:db8::9', port: 7 },
    ],
    [
      'IPv4 in IPv6',
      v2(0x21, 0x21, Buffer.from('00000000000000000000ffffcb007109', 'hex'), Buffer.alloc(16), [0, 7, 1, 187]),
      { address: '203.0.113.9', port: 7 },
    ],
    [
      'no zeros',
      v2(0x21, 0x21, Buffer.from('20010db8000100020003000400050006', 'hex'), Buffer.alloc(16), [0, 7, 0, 1]),
      { address: '2001:db8:1:2:3:4:5:6', port: 7 },
    ],
    [
      'two runs of zeros',
      v2(0x21, 0x21, Buffer.from('20010000000000010000000000000001', 'hex'), Buffer.alloc(16), [0, 7, 0, 1]),
      { address: '2001:0:0:1::1', port: 7 },
    ],
    ['only zeros', v2(0x21, 0x21, Buffer.alloc(32), [0, 0, 0, 0]), { address: '::', port: 0 }],
    ['LOCAL', v2(0x20, 0x00), undefined],
    ['LOCAL with whatever behind it', v2(0x20, 0x11, [1, 2, 3]), undefined],
    ['an unspecified family', v2(0x21, 0x00, [1, 2, 3]), undefined],
  ])('%s', (_, bytes, expected) => {
    expect(readProxyHeader(Buffer.concat([bytes, Buffer.from('\x16\x03\x01')]))).toEqual({
      client: expected,
      length: bytes.length,
    });
  });

  test('a checksum is looked at', () => {
    const blank = v2(0x21, 0x11, ADDRESSES4, tlv(3, Buffer.alloc(4)));
    const good = Buffer.from(blank);
    good.writeUInt32BE(crc32c(blank), blank.length - 4);
    expect(clientOf(good)).toEqual({ address: '203.0.113.9', port: 4711 });
    expect(readProxyHeader(blank)).toEqual({ problem: 'has a PROXY header with a wrong checksum' });
    expect(readProxyHeader(v2(0x21, 0x11, ADDRESSES4, tlv(3, Buffer.alloc(3))))).toHaveProperty('problem');
  });

  test.each([
    ['an unknown version', v2(0x31, 0x11, ADDRESSES4)],
    ['an unknown command', v2(0x22, 0x11, ADDRESSES4)],
    ['datagrams', v2(0x21, 0x12, ADDRESSES4)],
    ['a socket of the file system', v2(0x21, 0x31, Buffer.alloc(216))],
    ['too short for its addresses', v2(0x21, 0x11, ADDRESSES4.slice(1))],
    ['half an addition', v2(0x21, 0x11, ADDRESSES4, [1, 0])],
    ['an addition that says it is longer', v2(0x21, 0x11, ADDRESSES4, [1, 0, 5, 1])],
    ['too long', v2(0x21, 0x11, ADDRESSES4, tlv(4, Buffer.alloc(V2_BYTES_MAX)))],
  ])('%s is none', (_, bytes) => {
    expect(readProxyHeader(bytes)).toHaveProperty('problem');
  });
});

test('whatever is whole is found at its last byte, and waited for until then', () => {
  for (const bytes of [
    Buffer.from('PROXY TCP4 203.0.113.9 10.0.0.1 4711 443\r\n'),
    v2(0x21, 0x11, ADDRESSES4, tlv(1, Buffer.from('h2'))),
  ]) {
    for (let length = 0; length < bytes.length; length += 1) {
      expect(readProxyHeader(bytes.subarray(0, length))).toBe('incomplete');
    }
    expect(clientOf(bytes)).toEqual({ address: '203.0.113.9', port: 4711 });
  }
});

test('no bytes make it throw or wait for ever', () => {
  const start = fc.constantFrom(
    Buffer.from('PROXY '),
    SIGNATURE,
    Buffer.concat([SIGNATURE, Buffer.from([0x21, 0x11])]),
    Buffer.alloc(0),
  );
  fc.assert(
    fc.property(start, fc.uint8Array({ maxLength: 300 }), (head, rest) => {
      const bytes = Buffer.concat([head, rest]);
      readProxyHeader(bytes);
      expect(readProxyHeader(Buffer.concat([bytes, Buffer.alloc(V2_BYTES_MAX)]))).not.toBe('incomplete');
    }),
  );
});
