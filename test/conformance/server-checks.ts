import { F, frame, settings, T, uint32 } from '../support/h2-raw.ts';
import { PLAIN_CHECKS } from './plain-checks.ts';
import {
  BIG,
  bare,
  type Check,
  CLOSED,
  COMPRESSION,
  check,
  connection,
  data,
  depending,
  dummies,
  END,
  FLOW,
  HEADS,
  head,
  hex,
  LEFT_OUT,
  malformed,
  more,
  NO_WINDOW,
  PING,
  POST,
  PREFACE_AND_SETTINGS,
  PROTOCOL,
  priority,
  REFUSED,
  reset,
  SIZE,
  stream,
  undecodable,
  window,
} from './server-check.ts';

/*
 * The checks that the field runs against servers of HTTP/2, by the sections of RFC 7540 and 7541 that they are named after, or by what they send where they are
 * about no rule in particular. Each is written down as what a client sends, one write for each frame, and by what has to come of it.
 */

const HTTP2: readonly Check[] = [
  bare('3.5/1: a preface', 'settings first', () => [PREFACE_AND_SETTINGS]),
  bare('3.5/2: a preface that is none', 'closed', () => [Buffer.from('INVALID CONNECTION PREFACE\r\n\r\n')]),
  check('4.1/1: an unknown type', 'pong', () => [frame(0x16, 0, 0, Buffer.alloc(8)), PING]),
  check('4.1/2: an undefined flag', 'pong', () => [frame(T.ping, 0x16, 0, Buffer.alloc(8))]),
  check('4.1/3: the reserved bit', 'pong', () => [frame(T.ping, 0, 2 ** 31, Buffer.alloc(8))]),
  check('4.2/1: DATA of 2^14', 'head', (s) => [head(s.block(POST), HEADS), data('x'.repeat(16_384))]),
  check('4.2/2: DATA above', stream(SIZE), (s) => [head(s.block(POST), HEADS), data('x'.repeat(16_385))]),
  check('4.2/3: HEADERS above', connection(SIZE), (s) => [head(Buffer.concat([s.block(), Buffer.alloc(16_385)]))]),
  check('4.3/1: a block that is none', connection(COMPRESSION), () => [frame(T.headers, 5, 1, hex('40'))]),
  check('4.3/2: PRIORITY within a block', connection(PROTOCOL), (s) => [
    head(s.block(), 0),
    priority(1, 0),
    more(dummies(s, 1)),
  ]),
  check('4.3/3: HEADERS of another stream within a block', connection(PROTOCOL), (s) => [
    head(s.block(), 0),
    head(s.block(), END | HEADS, 3),
    more(dummies(s, 1)),
  ]),
  check('5.1/1: idle: DATA', connection(PROTOCOL), () => [data()]),
  check('5.1/2: idle: RST_STREAM', connection(PROTOCOL), () => [reset()]),
  check('5.1/3: idle: WINDOW_UPDATE', connection(PROTOCOL), () => [window(1, 100)]),
  check('5.1/4: idle: CONTINUATION', connection(PROTOCOL), (s) => [more(s.block())]),
  check('5.1/5: half-closed: DATA', stream(CLOSED), (s) => [head(s.block()), data()]),
  check('5.1/6: half-closed: HEADERS', stream(CLOSED), (s) => [head(s.block()), head(s.block())]),
  check('5.1/7: half-closed: CONTINUATION', stream(CLOSED, PROTOCOL), (s) => [head(s.block()), more(s.block())]),
  check('5.1/8: closed by a reset: DATA', stream(CLOSED), (s) => [head(s.block(), HEADS), reset(), data()]),
  check('5.1/9: closed by a reset: HEADERS', stream(CLOSED), (s) => [head(s.block(), HEADS), reset(), head(s.block())]),
  check('5.1/10: closed by a reset: CONTINUATION', stream(CLOSED, PROTOCOL), (s) => [
    head(s.block(), HEADS),
    reset(),
    more(dummies(s, 1)),
  ]),
  check('5.1/11: closed: DATA', connection(CLOSED), (s) => [head(s.block()), 'ended', data()]),
  check('5.1/12: closed: HEADERS', connection(CLOSED), (s) => [head(s.block()), 'ended', head(s.block())]),
  check('5.1/13: closed: CONTINUATION', connection(CLOSED, PROTOCOL), (s) => [
    head(s.block()),
    'ended',
    more(dummies(s, 1)),
  ]),
  check('5.1.1/1: an even stream', connection(PROTOCOL), (s) => [head(s.block(), END | HEADS, 2)]),
  check('5.1.1/2: a lower stream', connection(PROTOCOL), (s) => [
    head(s.block(), END | HEADS, 5),
    head(s.block(), END | HEADS, 3),
  ]),
  check('5.1.1/3: the same stream again', stream(CLOSED), (s) => [
    head(s.block(), END | HEADS, 5),
    head(s.block(), END | HEADS, 5),
  ]),
  check('5.1.2/1: one stream too many', stream(PROTOCOL, REFUSED), (s) => {
    const block = s.block();
    const all = Array.from({ length: s.streamsMax + 1 }, (_, i) => head(block, END | HEADS, 1 + 2 * i));
    return [NO_WINDOW, ...all];
  }),
  check('5.3.1/1: HEADERS that depend on themselves', stream(PROTOCOL), (s) => [depending(s.block(), 1)]),
  check('5.3.1/2: PRIORITY that depends on itself', stream(PROTOCOL), () => [priority(1, 1)]),
  check('5.4.1/1: an error closes the connection', 'closed', () => [frame(T.ping, 0, 3, Buffer.alloc(8))]),
  check('5.4.1/2: and is told', { only: 'goaway', code: PROTOCOL }, () => [frame(T.ping, 0, 3, Buffer.alloc(8))]),
  check('5.5/1: an extension', 'pong', () => [frame(0x16, 0, 0, Buffer.alloc(8)), PING]),
  check('5.5/2: an extension within a block', connection(PROTOCOL), (s) => [
    head(s.block(), END),
    frame(0x16, 0, 0, Buffer.alloc(8)),
    more(dummies(s, 1)),
  ]),
  check('6.1/1: DATA of no stream', connection(PROTOCOL), (s) => [
    head(s.block(POST), HEADS),
    frame(T.data, END, 0, 'test'),
  ]),
  check('6.1/2: DATA on a stream that is not open', stream(CLOSED), (s) => [head(s.block()), data()]),
  check('6.1/3: DATA of too much padding', connection(PROTOCOL), (s) => [
    head(s.block(POST, 'content-length', '4'), HEADS),
    data('\u0006test', END | F.padded),
  ]),
  check('6.2/1: a block that goes on with PRIORITY', connection(PROTOCOL), (s) => [
    head(s.block(), END),
    priority(1, 0),
    more(dummies(s, 1)),
  ]),
  check('6.2/2: a block that goes on with HEADERS', connection(PROTOCOL), (s) => [
    head(s.block(), END),
    head(s.block(), END | HEADS, 3),
  ]),
  check('6.2/3: HEADERS of no stream', connection(PROTOCOL), (s) => [head(s.block(), END | HEADS, 0)]),
  check('6.2/4: HEADERS of too much padding', connection(PROTOCOL), (s) => {
    const block = s.block();
    return [frame(T.headers, END | HEADS | F.padded, 1, Buffer.concat([Buffer.from([block.length + 1]), block]))];
  }),
  check('6.3/1: PRIORITY of no stream', connection(PROTOCOL), () => [priority(0, 0)]),
  check('6.3/2: PRIORITY of another length', stream(SIZE), (s) => [
    head(s.block(), HEADS),
    frame(T.priority, 0, 1, hex('80000001')),
  ]),
  check('6.4/1: RST_STREAM of no stream', connection(PROTOCOL), () => [reset(0)]),
  check('6.4/2: RST_STREAM of an idle stream', connection(PROTOCOL), () => [reset(1)]),
  check('6.4/3: RST_STREAM of another length', connection(SIZE), (s) => [
    head(s.block(), HEADS),
    frame(T.rst, 0, 1, hex('000000')),
  ]),
  check('6.5/1: SETTINGS with ACK and more', connection(SIZE), () => [frame(T.settings, F.ack, 0, hex('00'))]),
  check('6.5/2: SETTINGS of a stream', connection(PROTOCOL), () => [frame(T.settings, 0, 1, hex('000300000064'))]),
  check('6.5/3: SETTINGS of another length', connection(SIZE), () => [frame(T.settings, 0, 0, hex('000300'))]),
  check('6.5.2/1: ENABLE_PUSH', connection(PROTOCOL), () => [settings([2, 2])]),
  check('6.5.2/2: INITIAL_WINDOW_SIZE', connection(FLOW), () => [settings([4, 2 ** 31])]),
  check('6.5.2/3: MAX_FRAME_SIZE below', connection(PROTOCOL), () => [settings([5, 16_383])]),
  check('6.5.2/4: MAX_FRAME_SIZE above', connection(PROTOCOL), () => [settings([5, 16_777_216])]),
  check('6.5.2/5: an unknown setting', 'pong', () => [settings([0xff, 1]), PING]),
  check('6.5.3/1: two values of one setting', { firstData: 1 }, (s) => [
    settings([4, 100], [4, 1]),
    'acknowledged',
    head(s.block()),
  ]),
  check('6.5.3/2: SETTINGS are acknowledged', 'settings acknowledged', () => [settings([2, 0])]),
  check('6.7/1: PING', 'pong', () => [PING]),
  check('6.7/2: PING with ACK is not answered', 'pong', () => [frame(T.ping, F.ack, 0, 'invalid_'), PING]),
  check('6.7/3: PING of a stream', connection(PROTOCOL), () => [frame(T.ping, 0, 1, Buffer.alloc(8))]),
  check('6.7/4: PING of another length', connection(SIZE), () => [frame(T.ping, 0, 0, Buffer.alloc(6))]),
  check('6.8/1: GOAWAY of a stream', connection(PROTOCOL), () => [frame(T.goaway, 0, 1, uint32(0, 0))]),
  check('6.9/1: a window opened by nothing', connection(PROTOCOL), () => [window(0, 0)]),
  check('6.9/2: that of a stream', stream(PROTOCOL), (s) => [head(s.block(), HEADS), window(1, 0)]),
  check('6.9/3: WINDOW_UPDATE of another length', connection(SIZE), () => [frame(T.window, 0, 0, hex('000001'))]),
  check('6.9.1/1: a window of one', { firstData: 1 }, (s) => [settings([4, 1]), 'acknowledged', head(s.block())]),
  check('6.9.1/2: a window above', { only: 'goaway', code: FLOW }, () => [window(0, BIG), window(0, BIG)]),
  check('6.9.1/3: that of a stream', { only: 'reset', code: FLOW }, (s) => [
    head(s.block(), HEADS),
    window(1, BIG),
    window(1, BIG),
  ]),
  check('6.9.2/1: windows change with their setting', { firstData: 1 }, (s) => [
    NO_WINDOW,
    'acknowledged',
    head(s.block()),
    settings([4, 1]),
  ]),
  check('6.9.2/2: a window below nothing', { firstData: 1 }, (s) => [
    settings([4, 3]),
    'acknowledged',
    head(s.block()),
    'some data',
    settings([4, 2]),
    'acknowledged',
    window(1, 2),
  ]),
  check('6.9.2/3: a setting above', connection(FLOW), () => [settings([4, 2 ** 31])]),
  check('6.10/1: CONTINUATION twice', 'head', (s) => [
    head(s.block(), END),
    more(dummies(s, 1), 0),
    more(dummies(s, 1)),
  ]),
  check('6.10/2: CONTINUATION, then DATA', connection(PROTOCOL), (s) => [
    head(s.block(POST), 0),
    more(dummies(s, 1), 0),
    data(),
  ]),
  check('6.10/3: CONTINUATION of no stream', connection(PROTOCOL), (s) => [
    head(s.block(), END),
    more(dummies(s, 1), HEADS, 0),
  ]),
  check('6.10/4: CONTINUATION behind a whole block', connection(PROTOCOL), (s) => [
    head(s.block(POST), HEADS),
    more(dummies(s, 1)),
  ]),
  check('6.10/5: CONTINUATION behind the last', connection(PROTOCOL), (s) => [
    head(s.block(POST), 0),
    more(dummies(s, 1)),
    more(dummies(s, 1)),
  ]),
  check('6.10/6: CONTINUATION behind DATA', connection(PROTOCOL), (s) => [
    head(s.block(POST), HEADS),
    data('test', 0),
    more(dummies(s, 1)),
  ]),
  check('7/1: GOAWAY with an unknown code', 'pong or closed', () => [frame(T.goaway, 0, 0, uint32(0, 0xff)), PING]),
  check('7/2: RST_STREAM with one', 'pong or closed', (s) => [head(s.block(), HEADS), reset(1, 0xff), PING]),
  check('8.1/1: a second head that is not the last', stream(PROTOCOL), (s) => [
    head(s.block(POST), HEADS),
    data('test', 0),
    head(s.fields('x-test', 'ok'), HEADS),
    data(),
  ]),
  malformed('8.1.2/1: capitals', (s) => s.block({}, 'X-TEST', 'ok')),
  malformed('8.1.2.1/1: an unknown pseudo-header field', (s) => s.block({ ':test': 'ok' })),
  malformed('8.1.2.1/2: one of answers', (s) => s.block({ ':status': '200' })),
  check('8.1.2.1/3: one in trailers', stream(PROTOCOL), (s) => [
    head(s.block(POST, 'trailer', 'x-test'), HEADS),
    data('test', 0),
    head(s.fields(':method', 'POST')),
  ]),
  malformed('8.1.2.1/4: one behind an ordinary field', (s) =>
    s.block({ ':path': LEFT_OUT }, 'x-test', 'ok', ':path', '/'),
  ),
  malformed('8.1.2.2/1: connection', (s) => s.block({}, 'connection', 'keep-alive')),
  malformed('8.1.2.2/2: te', (s) => s.block({}, 'trailers', 'test', 'te', 'trailers, deflate')),
  malformed('8.1.2.3/1: an empty path', (s) => s.block({ ':path': '' })),
  malformed('8.1.2.3/2: no method', (s) => s.block({ ':method': LEFT_OUT })),
  malformed('8.1.2.3/3: no scheme', (s) => s.block({ ':scheme': LEFT_OUT })),
  malformed('8.1.2.3/4: no path', (s) => s.block({ ':path': LEFT_OUT })),
  malformed('8.1.2.3/5: two methods', (s) => s.block({}, ':method', 'GET')),
  malformed('8.1.2.3/6: two schemes', (s) => s.block({}, ':scheme', s.tls ? 'https' : 'http')),
  malformed('8.1.2.3/7: two paths', (s) => s.block({}, ':path', '/')),
  check('8.1.2.6/1: another length', stream(PROTOCOL), (s) => [
    head(s.block(POST, 'content-length', '1'), HEADS),
    data(),
  ]),
  check('8.1.2.6/2: another length in two frames', stream(PROTOCOL), (s) => [
    head(s.block(POST, 'content-length', '1'), HEADS),
    data('test', 0),
    data(),
  ]),
  check('8.2/1: PUSH_PROMISE', connection(PROTOCOL), (s) => [
    head(s.block(), HEADS),
    frame(T.push, HEADS, 1, Buffer.concat([uint32(3), s.block()])),
  ]),
];

const HPACK: readonly Check[] = [
  undecodable('HPACK 2.3.3/1: an index that there is not', 'fe'),
  undecodable('HPACK 4.2/1: a size behind fields', '21'),
  undecodable('HPACK 5.2/1: padding of more than seven bits', '00 85f2b24a84ff 8449509fff'),
  undecodable('HPACK 5.2/2: padding of zeros', '00 85f2b24a84ff 83495090'),
  undecodable('HPACK 5.2/3: the end of string in a string', '00 85f2b24a87 fffffffd25427f'),
  undecodable('HPACK 6.1/1: the index 0', '80'),
  check('HPACK 6.3/1: a size above what is allowed', connection(COMPRESSION), (s) => [
    head(Buffer.concat([hex('3fe21f'), s.block()])),
  ]),
];

export const CHECKS: readonly Check[] = [...PLAIN_CHECKS, ...HTTP2, ...HPACK];
