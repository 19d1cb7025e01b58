import { F, frame, settings, T, uint32 } from '../support/h2-raw.ts';
import {
  bare,
  type Check,
  check,
  data,
  depending,
  END,
  HEADS,
  head,
  hex,
  more,
  NO_WINDOW,
  PING,
  POST,
  PREFACE_AND_SETTINGS,
  padded,
  priority,
  represented,
  reset,
  window,
} from './server-check.ts';

/** What a server has to take: everything that there is, said in every way. */
export const PLAIN_CHECKS: readonly Check[] = [
  bare('sends 1/1: a preface', 'settings first', () => [PREFACE_AND_SETTINGS]),
  check('sends 2/1: PRIORITY on an idle stream', 'pong', () => [priority(1, 0), PING]),
  check('sends 2/2: WINDOW_UPDATE, half-closed', 'data', (s) => [NO_WINDOW, head(s.block()), window(1, 1)]),
  check('sends 2/3: PRIORITY, half-closed', 'data', (s) => [NO_WINDOW, head(s.block()), priority(1, 0), window(1, 1)]),
  check('sends 2/4: RST_STREAM, half-closed', 'pong or closed', (s) => [head(s.block()), reset(), PING]),
  check('sends 2/5: PRIORITY, closed', 'pong', (s) => [head(s.block()), 'ended', priority(1, 0), PING]),
  check('sends 3.1/1: DATA', 'head', (s) => [head(s.block(POST), HEADS), data()]),
  check('sends 3.1/2: DATA twice', 'head', (s) => [head(s.block(POST), HEADS), data('test', 0), data()]),
  check('sends 3.1/3: padded DATA', 'head', (s) => [
    head(s.block(POST), HEADS),
    data('\u0006test\0\0\0\0\0\0', END | F.padded),
  ]),
  check('sends 3.2/1: HEADERS', 'head', (s) => [head(s.block())]),
  check('sends 3.2/2: padded HEADERS', 'head', (s) => [padded(s.block(), 8)]),
  check('sends 3.2/3: HEADERS with priority', 'head', (s) => [depending(s.block(), 0)]),
  check('sends 3.3/1: PRIORITY of weight 1', 'head', (s) => [priority(1, 0, 0), head(s.block())]),
  check('sends 3.3/2: PRIORITY of weight 256', 'head', (s) => [priority(1, 0, 255), head(s.block())]),
  check('sends 3.3/3: PRIORITY that depends', 'head', (s) => [priority(1, 0), priority(3, 1), head(s.block())]),
  check('sends 3.3/4: PRIORITY, exclusive', 'head', (s) => [
    frame(T.priority, 0, 3, Buffer.concat([uint32(2 ** 31 + 1), Buffer.from([255])])),
    head(s.block()),
  ]),
  check('sends 3.3/5: PRIORITY on an idle stream, then a lower one', 'head', (s) => [priority(3, 0), head(s.block())]),
  check('sends 3.4/1: RST_STREAM', 'pong or closed', (s) => [head(s.block(), HEADS), reset(), PING]),
  check('sends 3.5/1: SETTINGS', 'settings acknowledged', () => [
    settings([1, 4096], [2, 1], [3, 100], [4, 65_535], [5, 16_384], [6, 100]),
  ]),
  check('sends 3.7/1: PING', 'pong', () => [PING]),
  check('sends 3.8/1: GOAWAY', 'pong or closed', () => [frame(T.goaway, 0, 0, uint32(0, 0)), PING]),
  check('sends 3.9/1: WINDOW_UPDATE of the connection', 'pong', () => [window(0, 1), PING]),
  check('sends 3.9/2: WINDOW_UPDATE of a stream', 'head', (s) => [head(s.block()), window(1, 1)]),
  check('sends 3.10/1: CONTINUATION', 'head', (s) => inPieces(s.block(), 5)),
  check('sends 3.10/2: CONTINUATION twice', 'head', (s) => inPieces(s.block(), 5, 10)),
  check('sends 4/1: GET', 'head', (s) => [head(s.block())]),
  check('sends 4/2: HEAD', 'head', (s) => [head(s.block({ ':method': 'HEAD' }))]),
  check('sends 4/3: POST', 'head', (s) => [head(s.block(POST), HEADS), data()]),
  check('sends 4/4: POST with trailers', 'head', (s) => [
    head(s.block(POST, 'trailer', 'x-test'), HEADS),
    data('test', 0),
    head(s.fields('x-test', 'ok')),
  ]),
  represented('sends 5/1: an indexed field', 'ba'),
  represented('sends 5/2: indexing, a coded name', '40 87b505b161cc5a93 849c48aca4'),
  represented('sends 5/3: indexing, a plain name', '40 0a757365722d6167656e74 06683273706563'),
  represented('sends 5/4: indexing, a new name', '40 06782d74657374 06683273706563'),
  represented('sends 5/5: indexing, a new coded name', '40 85f2b24a84ff 849c48aca4'),
  represented('sends 5/6: no indexing, a plain name', '00 0a757365722d6167656e74 06683273706563'),
  represented('sends 5/7: no indexing, a coded name', '00 87b505b161cc5a93 849c48aca4'),
  represented('sends 5/8: no indexing, a new name', '00 06782d74657374 06683273706563'),
  represented('sends 5/9: no indexing, a new coded name', '00 85f2b24a84ff 849c48aca4'),
  represented('sends 5/10: never indexed, a plain name', '10 0a757365722d6167656e74 06683273706563'),
  represented('sends 5/11: never indexed, a coded name', '10 87b505b161cc5a93 849c48aca4'),
  represented('sends 5/12: never indexed, a new name', '10 06782d74657374 06683273706563'),
  represented('sends 5/13: never indexed, a new coded name', '10 85f2b24a84ff 849c48aca4'),
  check('sends 5/14: a table of another size', 'head', (s) => [head(Buffer.concat([hex('20'), s.block()]))]),
  check('sends 5/15: two sizes', 'head', (s) => [head(Buffer.concat([hex('20 3fe11f'), s.block()]))]),
];

function inPieces(block: Buffer, ...at: readonly number[]): Buffer[] {
  return [0, ...at].map((from, i) => {
    const piece = block.subarray(from, at[i]);
    const last = i === at.length ? HEADS : 0;
    return i === 0 ? head(piece, END | last) : more(piece, last);
  });
}
