import { block, F, frame, headers, request, settings, T, uint32 } from '../support/h2-raw.ts';

/** What has to become of a connection on which a client has sent these frames behind its preface and settings. */
export type Outcome =
  /** The connection ends with this error. */
  | { readonly goaway: number }
  /** The stream 1 (or `id`) is reset with this error, or one of these. */
  | { readonly rst: number | readonly number[]; readonly id?: number }
  /** Nothing happens: a PING is answered, and the request on stream 1, where there is one, with this status. */
  | { readonly lives: true; readonly status?: string };

export type Rule = readonly [section: string, what: string, frames: readonly Uint8Array[], outcome: Outcome];

const PROTOCOL = { goaway: 1 } as const;
const FLOW = { goaway: 3 } as const;
const CLOSED = { goaway: 5 } as const;
const SIZE = { goaway: 6 } as const;
const COMPRESSION = { goaway: 9 } as const;
const MALFORMED = { rst: 1 } as const;
const LIVES = { lives: true } as const;
const WELL = { lives: true, status: '200' } as const;

const post = (more: Readonly<Record<string, string>> = {}, ...others: string[]) =>
  headers(1, request({ ':method': 'POST', ...more }, ...others), F.endHeaders);
const get = (id = 1) => headers(id, request());
const data = (text: string, flags = F.end, id = 1) => frame(T.data, flags, id, text);
const malformed = (name: string, fields: readonly string[]): Rule => ['8.1.1', name, [headers(1, fields)], MALFORMED];
const BLOCK = block(...request());
const hpack = (name: string, hex: string): Rule => [
  'HPACK',
  name,
  [frame(T.headers, F.end | F.endHeaders, 1, Buffer.concat([BLOCK, Buffer.from(hex.replaceAll(' ', ''), 'hex')]))],
  COMPRESSION,
];

/** RFC 9113 and 7541, section by section: what a server has to accept, and what it has to refuse and how. */
export const RULES: readonly Rule[] = [
  ['4.1', 'a frame of an unknown type is passed over', [frame(0xff, 0xff, 0, 'whatever')], LIVES],
  ['4.1', 'unknown flags are passed over', [frame(T.ping, 0xfe, 0, '12345678'), get()], WELL],
  ['4.1', 'the reserved bit of a stream identifier is passed over', [withReservedBit(get())], WELL],
  ['4.2', 'DATA of 16,384 bytes', [post(), data('x'.repeat(16_384))], WELL],
  ['4.2', 'DATA above the frame size', [post(), data('x'.repeat(16_385))], SIZE],
  ['4.2', 'HEADERS above the frame size', [frame(T.headers, 5, 1, Buffer.alloc(16_385))], SIZE],
  ['4.2', 'an unknown frame above the frame size', [frame(0x42, 0, 0, Buffer.alloc(16_385))], SIZE],
  ['4.3', 'a header block that is none', [frame(T.headers, 5, 1, Buffer.from([0x40, 0x01]))], COMPRESSION],
  ['4.3', 'PRIORITY within a header block', [frame(T.headers, 1, 1, BLOCK), priority(1, 3)], PROTOCOL],
  ['4.3', 'HEADERS of another stream within a header block', [frame(T.headers, 1, 1, BLOCK), get(3)], PROTOCOL],
  ['4.3', 'an unknown frame within a header block', [frame(T.headers, 1, 1, BLOCK), frame(0xff, 0, 0)], PROTOCOL],

  ['5.1', 'idle: DATA', [data('x')], PROTOCOL],
  ['5.1', 'idle: RST_STREAM', [frame(T.rst, 0, 1, uint32(8))], PROTOCOL],
  ['5.1', 'idle: WINDOW_UPDATE', [frame(T.window, 0, 1, uint32(100))], PROTOCOL],
  ['5.1', 'idle: CONTINUATION', [frame(T.more, 4, 1, BLOCK)], PROTOCOL],
  ['5.1', 'idle: PRIORITY is taken', [priority(1, 0)], LIVES],
  ['5.1', 'half-closed (remote): DATA', [settings([4, 0]), get(), data('x')], { rst: 5 }],
  ['5.1', 'half-closed (remote): HEADERS', [settings([4, 0]), get(), get()], { rst: 5 }],
  ['5.1', 'half-closed (remote): CONTINUATION', [settings([4, 0]), get(), frame(T.more, 4, 1, BLOCK)], PROTOCOL],
  ['5.1', 'half-closed (remote): WINDOW_UPDATE is taken', [get(), frame(T.window, 0, 1, uint32(1))], WELL],
  ['5.1', 'half-closed (remote): PRIORITY is taken', [get(), priority(1, 0)], WELL],
  ['5.1', 'half-closed (remote): RST_STREAM is taken', [get(), frame(T.rst, 0, 1, uint32(8))], LIVES],
  ['5.1', 'closed by RST_STREAM: DATA', [post(), frame(T.rst, 0, 1, uint32(8)), data('x')], CLOSED],
  ['5.1', 'closed by RST_STREAM: HEADERS', [post(), frame(T.rst, 0, 1, uint32(8)), get()], CLOSED],
  ['5.1', 'closed by RST_STREAM: CONTINUATION', [post(), frame(T.rst, 0, 1, uint32(8)), frame(T.more, 4, 1)], PROTOCOL],
  ['5.1', 'closed by us: what was under way is passed over', [badPost(), data('x', 0), data('y')], LIVES],
  [
    '5.1',
    'closed by RST_STREAM: WINDOW_UPDATE, PRIORITY and RST_STREAM are taken',
    [post(), rst(), frame(T.window, 0, 1, uint32(1)), priority(1, 0), rst()],
    LIVES,
  ],
  ['5.1.1', 'a stream of an even number', [get(2)], PROTOCOL],
  ['5.1.1', 'a stream below the last', [settings([4, 0]), get(5), get(3)], PROTOCOL],
  ['5.1.1', 'the stream 0: HEADERS', [get(0)], PROTOCOL],
  ['5.1.1', 'streams may be left out', [get(7), get(1001)], LIVES],
  ['5.1.2', 'a stream above the limit', [settings([4, 0]), ...many(129)], { rst: 7, id: 257 }],
  ['5.3.1', 'HEADERS of a stream that depends on itself', [dependent(1)], MALFORMED],
  ['5.3.1', 'PRIORITY of a stream that depends on itself', [priority(1, 1)], PROTOCOL],
  ['5.4.1', 'behind an error nothing is done', [frame(T.ping, 0, 1, '12345678'), get()], PROTOCOL],

  ['6.1', 'DATA on the stream 0', [data('x', 1, 0)], PROTOCOL],
  ['6.1', 'padded DATA', [post(), frame(T.data, F.end | F.padded, 1, '\u0003abc\0\0\0')], WELL],
  ['6.1', 'DATA of padding alone', [post(), frame(T.data, F.end | F.padded, 1, '\u0002\0\0')], WELL],
  ['6.1', 'padding as long as the payload', [post(), frame(T.data, F.end | F.padded, 1, '\u0004abc')], PROTOCOL],
  ['6.1', 'padded, and no byte for the length', [post(), frame(T.data, F.end | F.padded, 1)], SIZE],
  [
    '6.1',
    'padding is no part of a length',
    [post({}, 'content-length', '3'), frame(T.data, F.end | F.padded, 1, '\u0003abc\0\0\0')],
    WELL,
  ],
  [
    '6.1',
    'padding makes up for no length',
    [post({}, 'content-length', '5'), frame(T.data, F.end | F.padded, 1, '\u0002abc\0\0')],
    MALFORMED,
  ],
  ['6.1', 'an empty DATA ends a stream', [post(), data('x', 0), data('')], WELL],
  ['6.2', 'HEADERS with padding', [paddedHeaders(5)], WELL],
  [
    '6.2',
    'HEADERS with priority',
    [frame(T.headers, 0x25, 1, Buffer.concat([uint32(0), Buffer.from([9]), BLOCK]))],
    WELL,
  ],
  ['6.2', 'HEADERS of padding alone', [frame(T.headers, 0x0d, 1, Buffer.from([2, 0, 0]))], MALFORMED],
  ['6.2', 'HEADERS of nothing', [frame(T.headers, 5, 1)], MALFORMED],
  ['6.2', 'HEADERS with more padding than payload', [frame(T.headers, 0x0d, 1, Buffer.from([9, 1, 2]))], PROTOCOL],
  ['6.2', 'HEADERS too short for their priority', [frame(T.headers, 0x25, 1, 'abc')], SIZE],
  ['6.2', 'HEADERS in pieces', [...inPieces()], WELL],
  ['6.2', 'HEADERS without END_HEADERS, then DATA', [frame(T.headers, 1, 1, BLOCK), data('x')], PROTOCOL],
  ['6.3', 'PRIORITY on the stream 0', [priority(0, 1)], PROTOCOL],
  ['6.3', 'PRIORITY of four bytes', [frame(T.priority, 0, 1, uint32(0))], SIZE],
  ['6.4', 'RST_STREAM on the stream 0', [frame(T.rst, 0, 0, uint32(8))], PROTOCOL],
  ['6.4', 'RST_STREAM of three bytes', [post(), frame(T.rst, 0, 1, 'abc')], SIZE],
  ['6.4', 'RST_STREAM with a code that nobody knows', [post(), frame(T.rst, 0, 1, uint32(0xff))], LIVES],
  ['6.5', 'SETTINGS with ACK and a payload', [frame(T.settings, F.ack, 0, Buffer.alloc(6))], SIZE],
  ['6.5', 'SETTINGS on a stream', [frame(T.settings, 0, 1, Buffer.alloc(6))], PROTOCOL],
  ['6.5', 'SETTINGS of three bytes', [frame(T.settings, 0, 0, 'abc')], SIZE],
  [
    '6.5',
    'SETTINGS of nothing, and an ACK too many',
    [frame(T.settings, 0, 0), frame(T.settings, F.ack, 0), get()],
    WELL,
  ],
  ['6.5.2', 'ENABLE_PUSH of 0 and of 1', [settings([2, 0]), settings([2, 1]), get()], WELL],
  ['6.5.2', 'MAX_FRAME_SIZE at both ends', [settings([5, 16_384]), settings([5, 2 ** 24 - 1]), get()], WELL],
  ['6.5.2', 'INITIAL_WINDOW_SIZE of 2^31-1', [settings([4, 2 ** 31 - 1]), get()], WELL],
  ['6.5.2', 'NO_RFC7540_PRIORITIES of 2', [settings([9, 2])], PROTOCOL],
  ['6.5.2', 'ENABLE_PUSH of 2', [settings([2, 2])], PROTOCOL],
  ['6.5.2', 'INITIAL_WINDOW_SIZE above 2^31-1', [settings([4, 2 ** 31])], FLOW],
  ['6.5.2', 'MAX_FRAME_SIZE below 16,384', [settings([5, 16_383])], PROTOCOL],
  ['6.5.2', 'MAX_FRAME_SIZE above 2^24-1', [settings([5, 2 ** 24])], PROTOCOL],
  ['6.5.2', 'a setting that nobody knows', [settings([0xff, 1]), get()], WELL],
  ['6.5.2', 'ENABLE_CONNECT_PROTOCOL of 2', [settings([8, 2])], PROTOCOL],
  ['6.5.3', 'the last of several values holds', [settings([4, 0], [4, 70_000]), get()], WELL],
  ['6.6', 'PUSH_PROMISE of a client', [frame(T.push, 4, 1, Buffer.concat([uint32(2), BLOCK]))], PROTOCOL],
  ['6.6', 'PUSH_PROMISE on the stream 0', [frame(T.push, 4, 0, Buffer.concat([uint32(2), BLOCK]))], PROTOCOL],
  ['6.7', 'PING on a stream', [frame(T.ping, 0, 1, '12345678')], PROTOCOL],
  ['6.7', 'PING of six bytes', [frame(T.ping, 0, 0, '123456')], SIZE],
  ['6.7', 'PING with ACK that nobody asked for', [frame(T.ping, F.ack, 0, '12345678')], LIVES],
  ['6.8', 'GOAWAY on a stream', [frame(T.goaway, 0, 1, uint32(0, 0))], PROTOCOL],
  ['6.8', 'GOAWAY of four bytes', [frame(T.goaway, 0, 0, uint32(0))], SIZE],
  ['6.8', 'GOAWAY, also with a code that nobody knows', [frame(T.goaway, 0, 0, uint32(0, 0xff)), get()], WELL],
  [
    '6.8',
    'GOAWAY again, with a greater stream',
    [frame(T.goaway, 0, 0, uint32(0, 0)), frame(T.goaway, 0, 0, uint32(8, 0)), get()],
    WELL,
  ],
  ['6.9', 'a connection’s window opened by 0', [frame(T.window, 0, 0, uint32(0))], PROTOCOL],
  ['6.9', 'a stream’s window opened by 0', [post(), frame(T.window, 0, 1, uint32(0))], MALFORMED],
  ['6.9', 'WINDOW_UPDATE of three bytes', [frame(T.window, 0, 0, 'abc')], SIZE],
  ['6.9.1', 'a connection’s window above 2^31-1', [frame(T.window, 0, 0, uint32(2 ** 31 - 1))], FLOW],
  ['6.9.1', 'a stream’s window above 2^31-1', [post(), frame(T.window, 0, 1, uint32(2 ** 31 - 1))], { rst: 3 }],
  ['6.9.2', 'a setting that opens a window above 2^31-1', [post(), ...wideOpen()], FLOW],
  [
    '6.9.2',
    'a window below 0, and above it again',
    [settings([4, 1]), get(), settings([4, 0]), settings([4, 65_535])],
    WELL,
  ],
  ['6.10', 'two CONTINUATIONs', [...inPieces(3)], WELL],
  ['6.10', 'an empty CONTINUATION', [frame(T.headers, 1, 1, BLOCK), frame(T.more, 4, 1)], WELL],
  ['6.10', 'CONTINUATION behind END_HEADERS', [post(), frame(T.more, 4, 1, BLOCK)], PROTOCOL],
  ['6.10', 'CONTINUATION of another stream', [frame(T.headers, 1, 1, BLOCK), frame(T.more, 4, 3)], PROTOCOL],
  ['6.10', 'CONTINUATION on the stream 0', [frame(T.headers, 1, 1, BLOCK), frame(T.more, 4, 0)], PROTOCOL],
  ['6.10', 'DATA within a header block', [frame(T.headers, 1, 1, BLOCK), data('x')], PROTOCOL],

  ['8.1', 'a second HEADERS that does not end the stream', [post(), data('x', 0), trailers('x-a', 'b', 0)], MALFORMED],
  ['8.1', 'trailers', [post(), data('x', 0), trailers('x-a', 'b')], WELL],
  ['8.1', 'trailers with a pseudo-header field', [post(), data('x', 0), trailers(':method', 'GET')], MALFORMED],
  ['8.1', 'trailers about the connection', [post(), data('x', 0), trailers('connection', 'close')], MALFORMED],
  ['8.1', 'trailers that are the head once more', [post(), data('x', 0), post(), data('y')], MALFORMED],
  [
    '8.1',
    'trailers that are the head once more, and end the stream',
    [post(), headers(1, request({ ':method': 'POST' }))],
    MALFORMED,
  ],
  [
    '8.1',
    'a head that is what trailers were',
    [post(), trailers('x-a', 'b'), headers(3, ['x-a', 'b'])],
    { rst: 1, id: 3 },
  ],
  ['8.1', 'a head that came before, without the body that it announces', [...twice()], { rst: 1, id: 3 }],
  malformed('an upper-case letter in a name', request({}, 'X-Test', 'ok')),
  malformed('a name with a space', request({}, 'x test', 'ok')),
  malformed('a name with a colon', request({}, 'x:test', 'ok')),
  malformed('an empty name', request({}, '', 'ok')),
  malformed('CR and LF in a value', request({}, 'x-test', 'a\r\nx-b: c')),
  malformed('LF in a value', request({}, 'x-test', 'a\nb')),
  malformed('NUL in a value', request({}, 'x-test', 'a\0b')),
  malformed('white space before a value', request({}, 'x-test', ' a')),
  malformed('white space behind a value', request({}, 'x-test', 'a\t')),
  malformed('a control character in a value', request({}, 'x-test', 'a\u0001b')),
  malformed('a pseudo-header field that nobody knows', request({ ':test': 'ok' })),
  malformed('a pseudo-header field of answers', request({ ':status': '200' })),
  malformed('a pseudo-header field behind others', ['x-a', 'b', ...request()]),
  malformed('an upper-case letter in a pseudo-header field', [':Method', 'GET', ...request({ ':method': '-' })]),
  malformed('a name of bytes above ASCII', request({}, 'x-ä', 'ok')),
  malformed('DEL in a value', request({}, 'x-test', 'a\x7fb')),
  malformed('connection', request({}, 'connection', 'keep-alive')),
  malformed('keep-alive', request({}, 'keep-alive', 'timeout=5')),
  malformed('proxy-connection', request({}, 'proxy-connection', 'keep-alive')),
  malformed('transfer-encoding', request({}, 'transfer-encoding', 'chunked')),
  malformed('upgrade', request({}, 'upgrade', 'websocket')),
  malformed('te with more than trailers', request({}, 'te', 'trailers, deflate')),
  malformed('an empty path', request({ ':path': '' })),
  malformed('a path that does not begin with a slash', request({ ':path': 'x' })),
  malformed('a path with a space', request({ ':path': '/a HTTP/1.1' })),
  malformed('a path with CR and LF', request({ ':path': '/ HTTP/1.1\r\nx: y' })),
  malformed('a path with a fragment', request({ ':path': '/a#b' })),
  malformed('a path of bytes above ASCII', request({ ':path': '/ä' })),
  malformed('no method', request({ ':method': '-' })),
  malformed('no scheme', request({ ':scheme': '-' })),
  malformed('no path', request({ ':path': '-' })),
  malformed('an empty method', request({ ':method': '' })),
  malformed('a method with a space', request({ ':method': 'GET /x' })),
  malformed('a method too long to be one', request({ ':method': 'X'.repeat(33) })),
  malformed('a scheme that is none', request({ ':scheme': 'ht tp' })),
  malformed('two methods', [':method', 'GET', ...request()]),
  malformed('two schemes', [':scheme', 'http', ...request()]),
  malformed('two paths', [':path', '/', ...request()]),
  malformed('two authorities', [':authority', 'a', ...request()]),
  malformed('neither an authority nor a Host', request({ ':authority': '-' })),
  malformed('a Host that is not the authority', request({}, 'host', 'other.example')),
  malformed('two Hosts', request({ ':authority': '-' }, 'host', 'a', 'host', 'a')),
  malformed('an authority with credentials', request({ ':authority': 'me@shop.example' })),
  malformed('a CONNECT with a path', request({ ':method': 'CONNECT' })),
  malformed('a CONNECT with a scheme', [':method', 'CONNECT', ':scheme', 'https', ':authority', 'a:1']),
  malformed('a CONNECT to nobody', [':method', 'CONNECT']),
  malformed(
    'an extended CONNECT without a path',
    request({ ':method': 'CONNECT', ':protocol': 'websocket', ':path': '-' }),
  ),
  malformed('an extended CONNECT of no protocol', request({ ':method': 'CONNECT', ':protocol': '' })),
  malformed('the path * of another method than OPTIONS', request({ ':path': '*' })),
  malformed('an empty authority and no Host', request({ ':authority': '' })),
  malformed('an empty te', request({}, 'te', '')),
  malformed('a protocol without a CONNECT', request({ ':protocol': 'websocket' })),
  malformed('a length and no body', request({ ':method': 'POST' }, 'content-length', '1')),
  malformed('two lengths', request({}, 'content-length', '0', 'content-length', '1')),
  malformed('a length that is none', request({}, 'content-length', '+0')),
  malformed('a list of lengths', request({}, 'content-length', '0, 0')),
  ['8.1.1', 'te: trailers is taken', [headers(1, request({}, 'te', 'trailers'))], WELL],
  ['8.1.1', 'less body than its length', [post({}, 'content-length', '2'), data('x')], MALFORMED],
  ['8.1.1', 'more body than its length', [post({}, 'content-length', '1'), data('x', 0), data('y', 0)], MALFORMED],
  [
    '8.1.1',
    'trailers before the end of its length',
    [post({}, 'content-length', '2'), data('x', 0), trailers('x-a', 'b')],
    MALFORMED,
  ],
  ['8.1.1', 'as much body as its length', [post({}, 'content-length', '2'), data('x', 0), data('y')], WELL],
  ['8.3.1', 'a Host and no authority', [headers(1, request({ ':authority': '-' }, 'host', 'a'))], WELL],
  [
    '8.3.1',
    'a Host that is the authority, written otherwise',
    [headers(1, request({}, 'host', 'SHOP.example:80'))],
    WELL,
  ],
  [
    '8.5',
    'a CONNECT is refused',
    [headers(1, [':method', 'CONNECT', ':authority', 'a:1'])],
    { lives: true, status: '405' },
  ],

  hpack('the index 0', '80'),
  hpack('an index beyond both tables', 'ff00'),
  hpack('an integer that does not end', 'ffffffff ffffffff ff'),
  hpack('an integer with more bytes than any needs', 'ff80 8080 8080 00'),
  hpack('a string longer than its block', '0085 f2b24a84 7f 0a 61'),
  hpack('a literal with a name that no table has', '7f00 0161'),
  hpack('a literal that ends behind its name', '0001 61'),
  hpack('a size update behind fields', '20'),
  hpack('a string of more than seven bits of padding', '0085 f2b24a84 ff 84 49509f ff'),
  hpack('a string with padding of zeros', '0085 f2b24a84 7f 83 49509f 00'),
  hpack('a string with the end of string in it', '0085 f2b24a87 ff ff ff ff fb 83 49509f'),
  [
    'HPACK',
    'a size above what was announced',
    [frame(T.headers, 5, 1, Buffer.concat([Buffer.from('3fe21f', 'hex'), BLOCK]))],
    COMPRESSION,
  ],
  [
    'HPACK',
    'three size updates before fields',
    [frame(T.headers, 5, 1, Buffer.concat([Buffer.from('202020', 'hex'), BLOCK]))],
    COMPRESSION,
  ],
  [
    'HPACK',
    'two size updates before fields',
    [frame(T.headers, 5, 1, Buffer.concat([Buffer.from('203fe11f', 'hex'), BLOCK]))],
    WELL,
  ],
  ['HPACK', 'a size update alone', [frame(T.headers, 5, 1, Buffer.from('20', 'hex'))], MALFORMED],
  ['HPACK', 'an entry that a size update has dropped', [...dropped()], COMPRESSION],
  [
    'HPACK',
    'a size update before fields',
    [frame(T.headers, 5, 1, Buffer.concat([Buffer.from('3fe11f', 'hex'), BLOCK]))],
    WELL,
  ],
];

function withReservedBit(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy[5] = (copy[5] as number) | 0x80;
  return copy;
}

function priority(id: number, on: number): Buffer {
  return frame(T.priority, 0, id, Buffer.concat([uint32(on), Buffer.from([16])]));
}

function dependent(id: number): Buffer {
  return frame(T.headers, 0x25, id, Buffer.concat([uint32(id), Buffer.from([16]), BLOCK]));
}

/** A request that is reset at once. */
function badPost(): Buffer {
  return headers(1, request({ ':method': 'POST' }, 'connection', 'close'), F.endHeaders);
}

function many(count: number): Buffer[] {
  return Array.from({ length: count }, (_, i) => get(1 + 2 * i));
}

function paddedHeaders(padding: number): Buffer {
  return frame(T.headers, 0x0d, 1, Buffer.concat([Buffer.from([padding]), BLOCK, Buffer.alloc(padding)]));
}

function inPieces(pieces = 2): Buffer[] {
  const step = Math.ceil(BLOCK.length / pieces);
  return Array.from({ length: pieces }, (_, i) => {
    const last = i === pieces - 1 ? F.endHeaders : 0;
    const piece = BLOCK.subarray(i * step, (i + 1) * step);
    return i === 0 ? frame(T.headers, F.end | last, 1, piece) : frame(T.more, last, 1, piece);
  });
}

function wideOpen(): Buffer[] {
  return [frame(T.window, 0, 1, uint32(2 ** 31 - 1 - 65_535)), settings([4, 65_536])];
}

function trailers(name: string, value: string, flags = F.end): Buffer {
  return headers(1, [name, value], flags | F.endHeaders);
}

function rst(): Buffer {
  return frame(T.rst, 0, 1, uint32(8));
}

/** The very same block on two streams, the first with the body that it announces and the second without. */
function twice(): Buffer[] {
  const fields = request({ ':method': 'POST' }, 'content-length', '1');
  return [headers(1, fields, F.endHeaders), data('x'), headers(3, fields)];
}

/** A block that puts an entry into the table, one that uses it, and the same after the table was emptied. */
function dropped(): Buffer[] {
  const whole = (id: number, hex: string): Buffer =>
    frame(T.headers, 5, id, Buffer.concat([Buffer.from(hex, 'hex'), BLOCK]));
  // Behind the size updates the block of the request stands in front of its one indexed field.
  const used = (id: number): Buffer => frame(T.headers, 5, id, Buffer.concat([BLOCK, Buffer.from('be', 'hex')]));
  const put = frame(T.headers, 5, 1, Buffer.concat([BLOCK, Buffer.from('4003782d610162', 'hex')]));
  return [put, used(3), used(5), whole(7, '203fe11f'), used(9)];
}
