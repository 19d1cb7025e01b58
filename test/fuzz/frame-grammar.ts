import type { Dice } from './dice.ts';

/** One frame, as it will be written. */
export type Frame = { readonly type: number; readonly flags: number; readonly id: number; readonly payload: Buffer };

export const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
export const TYPE = {
  data: 0,
  headers: 1,
  priority: 2,
  reset: 3,
  settings: 4,
  push: 5,
  ping: 6,
  goaway: 7,
  window: 8,
  more: 9,
};
export const FLAG = { end: 1, ack: 1, endHeaders: 4, padded: 8, priority: 32 };

/** A frame's bytes; `length` in its head may be a lie. */
export function bytesOf({ type, flags, id, payload }: Frame, length = payload.length): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(length & 0xff_ff_ff, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(id >>> 0, 5);
  return Buffer.concat([head, payload]);
}

/** What one connection says: valid in all spellings that a client may choose, for one to six requests whose frames are mixed. */
export function validFrames(dice: Dice, nth: number): Frame[] {
  const table = new Spoken();
  const streams = Array.from({ length: dice.between(1, 6) }, (_, k) => requestOf(dice, table, { nth, k }));
  const frames: Frame[] = [{ type: TYPE.settings, flags: 0, id: 0, payload: Buffer.alloc(0) }];
  while (streams.length > 0) {
    // A stream may not begin before one with a lower number.
    const begun = streams.findIndex(({ begun }) => !begun);
    const at = dice.below(begun === -1 ? streams.length : begun + 1);
    const stream = streams[at] as Saying;
    frames.push(...stream.next());
    if (stream.done) streams.splice(at, 1);
    if (dice.onceIn(4)) frames.push(between(dice));
  }
  return frames;
}

/** What an endpoint says on one stream to a request: interim answers, a head, a body in pieces that tells the case's number, trailers. */
export function answerFrames(dice: Dice, nth: number, id: number): { readonly frames: Frame[]; readonly body: string } {
  const body = `<${nth}>`.repeat(dice.below(30));
  const frames: Frame[] = [];
  const block = (fields: readonly (readonly [string, string])[]): Buffer => new Spoken(false).block(dice, fields);
  for (let i = dice.below(3); i > 0; i -= 1) frames.push(...headerFrames(dice, id, block([[':status', '103']]), false));
  const fields: [string, string][] = [[':status', '200']];
  for (let i = dice.below(4); i > 0; i -= 1) fields.push([`x-${dice.below(3)}`, 'v'.repeat(dice.below(60))]);
  if (dice.onceIn(2)) fields.push(['content-length', String(body.length)]);
  const trailers = body !== '' && dice.onceIn(3);
  frames.push(...headerFrames(dice, id, block(fields), body === ''));
  const pieces = body === '' ? [] : dice.cut(body, 3);
  for (const [i, piece] of pieces.entries()) {
    const last = i === pieces.length - 1 && !trailers;
    frames.push(
      padded(dice, { type: TYPE.data, flags: last ? FLAG.end : 0, id, payload: Buffer.from(piece, 'latin1') }),
    );
    if (dice.onceIn(4)) frames.push(between(dice));
  }
  if (trailers) frames.push(...headerFrames(dice, id, block([['x-sum', String(nth)]]), true));
  return { frames, body };
}

type Saying = { begun: boolean; done: boolean; next(): Frame[] };

function requestOf(dice: Dice, table: Spoken, { nth, k }: { nth: number; k: number }): Saying {
  const id = 2 * k + 1;
  const method = dice.pick(['GET', 'POST', 'PUT', 'HEAD', 'DELETE']);
  const body = method === 'GET' || method === 'HEAD' ? '' : `body ${nth} ${k} `.repeat(dice.below(4));
  const trailers = body !== '' && dice.onceIn(3);
  const announced = body !== '' && dice.onceIn(2);
  const pieces = body === '' ? [] : dice.cut(body, 3);
  const fields: [string, string][] = [
    [':method', method],
    [':scheme', 'http'],
    [':path', `/${nth}/${k}`],
    [':authority', 'shop.example'],
  ];
  for (let i = dice.below(4); i > 0; i -= 1) fields.push([`x-${dice.below(3)}`, 'v'.repeat(dice.below(60))]);
  if (announced) fields.push(['content-length', String(body.length)]);
  const saying: Saying = {
    begun: false,
    done: false,
    next: () => {
      if (!saying.begun) {
        saying.begun = true;
        saying.done = pieces.length === 0;
        return headerFrames(dice, id, table.block(dice, fields), saying.done);
      }
      const piece = pieces.shift();
      const last = pieces.length === 0 && !trailers;
      if (piece === undefined) {
        saying.done = true;
        return headerFrames(dice, id, table.block(dice, [['x-sum', String(k)]]), true);
      }
      saying.done = last;
      return [padded(dice, { type: TYPE.data, flags: last ? FLAG.end : 0, id, payload: Buffer.from(piece, 'latin1') })];
    },
  };
  return saying;
}

function headerFrames(dice: Dice, id: number, block: Buffer, ended: boolean): Frame[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < block.length || pieces.length === 0; ) {
    const size = dice.onceIn(3) ? dice.between(1, block.length) : block.length;
    pieces.push(block.subarray(at, at + size));
    at += size;
  }
  return pieces.map((piece, i) => {
    const last = i === pieces.length - 1 ? FLAG.endHeaders : 0;
    if (i > 0) return { type: TYPE.more, flags: last, id, payload: piece };
    const flags = last | (ended ? FLAG.end : 0);
    if (!dice.onceIn(4)) return padded(dice, { type: TYPE.headers, flags, id, payload: piece });
    const priority = Buffer.from([0, 0, 0, 0, dice.below(256)]);
    return padded(dice, {
      type: TYPE.headers,
      flags: flags | FLAG.priority,
      id,
      payload: Buffer.concat([priority, piece]),
    });
  });
}

function padded(dice: Dice, frame: Frame): Frame {
  if (!dice.onceIn(4)) return frame;
  const padding = dice.below(20);
  const payload = Buffer.concat([Buffer.from([padding]), frame.payload, Buffer.alloc(padding)]);
  return { ...frame, flags: frame.flags | FLAG.padded, payload };
}

/** What may come between any two frames that are not of one header block. */
function between(dice: Dice): Frame {
  const id = 0;
  return dice.pick<Frame>([
    { type: TYPE.ping, flags: 0, id, payload: Buffer.alloc(8, 'p') },
    { type: TYPE.window, flags: 0, id, payload: Buffer.from([0, 0, 0, 100]) },
    { type: TYPE.priority, flags: 0, id: 99, payload: Buffer.from([0, 0, 0, 0, 7]) },
    { type: 0x42, flags: dice.below(256), id: dice.below(9), payload: Buffer.alloc(dice.below(30), 'u') },
    { type: TYPE.settings, flags: 0, id, payload: Buffer.from([0, 0x99, 0, 0, 0, 1]) },
  ]);
}

/** HPACK as a client speaks it: every representation, and a table of its own to refer to. */
class Spoken {
  /** The newest first. */
  readonly #table: string[] = [];
  /** What it takes, as RFC 7541 §4.1 counts it. Nothing is pushed out. */
  #bytes = 0;
  readonly #remembers: boolean;

  /** Several that speak on one connection cannot each have a table: those do not put anything into it. */
  constructor(remembers = true) {
    this.#remembers = remembers;
  }

  block(dice: Dice, fields: readonly (readonly [string, string])[]): Buffer {
    return Buffer.concat(fields.map(([name, value]) => this.#field(dice, name, value)));
  }

  #field(dice: Dice, name: string, value: string): Buffer {
    const known = this.#table.indexOf(`${name}\0${value}`);
    if (known !== -1 && dice.onceIn(2)) return integer(0x80, 7, 62 + known);
    const fixed = STATIC.get(`${name}\0${value}`);
    if (fixed !== undefined && dice.onceIn(2)) return integer(0x80, 7, fixed);
    const bytes = name.length + value.length + 32;
    const full = !this.#remembers || this.#bytes + bytes > TABLE_BYTES;
    const kind = full ? dice.pick([0x00, 0x10]) : dice.pick([0x00, 0x10, 0x40]);
    if (kind === 0x40) {
      this.#table.unshift(`${name}\0${value}`);
      this.#bytes += bytes;
    }
    return Buffer.concat([Buffer.from([kind]), text(name), text(value)]);
  }
}

/** The size that a table begins with. */
const TABLE_BYTES = 4096;
const STATIC = new Map([
  [':method\0GET', 2],
  [':method\0POST', 3],
  [':scheme\0http', 6],
]);

function text(value: string): Buffer {
  return Buffer.concat([integer(0, 7, value.length), Buffer.from(value, 'latin1')]);
}

function integer(high: number, bits: number, value: number): Buffer {
  const most = 2 ** bits - 1;
  if (value < most) return Buffer.from([high | value]);
  const bytes = [high | most];
  let rest = value - most;
  for (; rest >= 128; rest >>= 7) bytes.push((rest & 127) | 128);
  return Buffer.from([...bytes, rest]);
}
