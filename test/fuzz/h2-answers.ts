import { once } from 'node:events';
import { connect as connectH2 } from 'node:http2';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Decoder } from '../../src/edge/frames/hpack/decoder.ts';
import { FieldList } from '../../src/edge/frames/hpack/field-list.ts';
import { startBareRig } from '../support/bare-rig.ts';
import type { Order, Outcome } from './campaign.ts';
import { Dice } from './dice.ts';
import { answerFrames, bytesOf, FLAG, type Frame, PREFACE, TYPE } from './frame-grammar.ts';
import { spoiledFrames } from './frame-mutation.ts';

const LANES = 32;
const FAILURES_MAX = 10;
const ANSWER_MS_MAX = 15_000;
const FRAME_HEAD_BYTES = 9;
/** No connection of the edge's lives for so many. */
const STREAMS_MAX = 1_000_000;

/**
 * Frames and header blocks of endpoints under fire. A client of HTTP/1.1 asks, and gets what node:http2, as a client, reads in the same bytes; or
 * an answer of this edge's own, or visibly no whole one. Every body is made of its case's number: one on another stream's answer is seen.
 */
export async function h2Answers({ engine, seed, from, cases }: Order): Promise<Outcome> {
  const failures: string[] = [];
  let requests = 0;
  const fail = (nth: number | undefined, what: string): void => {
    const again = nth === undefined ? '' : ` --case ${nth}`;
    failures.push(`answer frames, accelerator ${engine}, --seed ${seed}${again}: ${what}`);
  };
  const origin = await startFrameOrigin((nth, id) => {
    requests += 1;
    return written(seed, nth, id).bytes;
  });
  const rig = await startBareRig(edgeYaml(engine, portOf(origin)), { unrecorded: true });
  const startMs = performance.now();
  let next = from;
  let good = 0;
  const lane = async (): Promise<void> => {
    while (next < from + cases && failures.length < FAILURES_MAX) {
      const nth = next;
      next += 1;
      const { body, spoiled } = written(seed, nth, 1);
      const heard = await ask(rig.port, nth);
      if (!spoiled && typeof heard !== 'string' && heard.status === 200) good += 1;
      const wrong = await wrongAnswer({ seed, nth, body, spoiled }, heard);
      if (wrong !== undefined) fail(nth, `${wrong}\n  sent ${written(seed, nth, 1).bytes.toString('hex')}`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(LANES, cases) }, lane));
  const tookMs = performance.now() - startMs;
  const left = (): number => [...rig.table.live.inFlight].reduce((sum, count) => sum + count, 0);
  for (let i = 0; left() !== 0 && i < 800; i += 1) await new Promise((resolve) => setTimeout(resolve, 10));
  if (left() !== 0) fail(undefined, `${left()} permits are left over`);
  if (cases > 100 && good < cases / 32) fail(undefined, `only ${good} of about ${cases / 4} valid answers arrived`);
  await rig.stop();
  origin.close();
  return { failures, requests, tookMs };
}

/** What the origin says in a case, on whichever stream it is asked. */
function written(seed: number, nth: number, id: number): { bytes: Buffer; body: string; spoiled: boolean } {
  const dice = new Dice(seed, nth);
  const { frames, body } = answerFrames(dice, nth, id);
  const spoiled = !dice.onceIn(4);
  // Onto another stream that is under way an endpoint may say what it likes.
  const bytes = spoiled
    ? spoiledFrames(dice, frames, [0, id, id + 1, 2 ** 31 - 1])
    : Buffer.concat(frames.map((frame) => bytesOf(frame)));
  return { bytes, body, spoiled };
}

type Heard = { readonly status: number; readonly body: string } | 'broken' | 'hung';
type Case = { readonly seed: number; readonly nth: number; readonly body: string; readonly spoiled: boolean };

async function wrongAnswer({ seed, nth, body, spoiled }: Case, heard: Heard): Promise<string | undefined> {
  if (heard === 'hung') return 'it hung';
  // The connection may have failed by another's answer.
  if (heard === 'broken' || heard.status >= 500) return undefined;
  for (const [, number] of heard.body.matchAll(/<(\d+)>/g)) {
    if (!spoiled && Number(number) !== nth) return `it got the bytes of ${number}`;
  }
  if (!spoiled) return heard.body === body ? undefined : `the client read ${heard.body}, due ${body}`;
  const { bytes } = written(seed, nth, 1);
  if (isBeyondJudge(bytes)) return undefined;
  const read = await judged(bytes);
  if (read === undefined)
    return `the client got ${JSON.stringify(heard.body)} of what node:http2 does not take for whole`;
  return read === heard.body ? undefined : `the client read ${heard.body}, node:http2 ${read}`;
}

/**
 * Whether node:http2 cannot judge a case. Of a frame that was cut off, the rest is what the endpoint says next, to whomever that is. And
 * node:http2 gives up a connection for a PING that is acknowledged unasked and for any GOAWAY with an error, where RFC 9113 has streams go on (§6.7, §6.8). It has one
 * stream, and the edge many: what is said on another one may be said there.
 */
function isBeyondJudge(bytes: Buffer): boolean {
  let at = 0;
  while (at + FRAME_HEAD_BYTES <= bytes.length) {
    const [type, flags] = [bytes[at + 3], bytes[at + 4] as number];
    const id = bytes.readUInt32BE(at + 5) & 0x7f_ff_ff_ff;
    if (type === TYPE.goaway || (type === TYPE.ping && (flags & FLAG.ack) !== 0)) return true;
    if (id > 1 && id % 2 === 1 && id < STREAMS_MAX) return true;
    at += FRAME_HEAD_BYTES + bytes.readUIntBE(at, 3);
  }
  return at !== bytes.length;
}

async function ask(port: number, nth: number): Promise<Heard> {
  const signal = AbortSignal.timeout(ANSWER_MS_MAX);
  try {
    const response = await fetch(`http://127.0.0.1:${port}/${nth}`, { signal });
    return { status: response.status, body: Buffer.from(await response.arrayBuffer()).toString('latin1') };
  } catch {
    return signal.aborted ? 'hung' : 'broken';
  }
}

/** What node:http2 reads as a whole answer on stream 1; undefined where it does not. */
async function judged(bytes: Buffer): Promise<string | undefined> {
  const server = await startFrameOrigin(() => bytes);
  const session = connectH2(`http://127.0.0.1:${portOf(server)}`, { maxHeaderListPairs: 4096 });
  session.on('error', () => {});
  const stream = session.request({ ':path': '/0' });
  const body: string[] = [];
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  stream.setEncoding('latin1');
  let announced: string | undefined;
  stream.on('response', (headers) => {
    announced = headers['content-length'];
    // And without a body with its head, whatever comes behind that.
    if (announced === '0' || headers[':status'] === 204 || headers[':status'] === 304) resolve('');
  });
  stream.on('data', (text: string) => {
    body.push(text);
    // In HTTP/1.1 an answer is whole with the last byte that it has announced, whatever comes behind.
    if (announced !== undefined && body.join('').length === Number(announced)) resolve(body.join(''));
  });
  stream.on('end', () => resolve(stream.rstCode === 0 && !stream.aborted ? body.join('') : undefined));
  stream.on('error', () => resolve(undefined));
  stream.on('close', () => resolve(undefined));
  // It has as long as the edge's client has: one that is asked for its verdict on a busy machine is not to give up before.
  const timer = setTimeout(resolve, ANSWER_MS_MAX, undefined);
  const read = await promise;
  clearTimeout(timer);
  session.destroy();
  server.close();
  return read;
}

/** An origin of frames: to each request, whose path is a case's number, it says what `answer` has for it and for its stream. */
async function startFrameOrigin(answer: (nth: number, id: number) => Buffer): Promise<Server> {
  const server = createServer({ noDelay: true }, (socket: Socket) => {
    socket.on('error', () => {});
    const asked = new AskedFrames(socket, answer);
    socket.write(bytesOf({ type: TYPE.settings, flags: 0, id: 0, payload: Buffer.alloc(0) }));
    socket.on('data', (chunk: Buffer) => asked.read(chunk));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** What this edge, or node:http2, asks on one connection: valid frames, so that nothing of them is judged. */
class AskedFrames {
  readonly #socket: Socket;
  readonly #answer: (nth: number, id: number) => Buffer;
  readonly #decoder = new Decoder();
  readonly #list = new FieldList();
  #block: Buffer = Buffer.alloc(0);
  #bytes = Buffer.alloc(0);
  #greeted = false;

  constructor(socket: Socket, answer: (nth: number, id: number) => Buffer) {
    this.#socket = socket;
    this.#answer = answer;
  }

  read(chunk: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    if (!this.#greeted && this.#bytes.length >= PREFACE.length) {
      this.#greeted = true;
      this.#bytes = this.#bytes.subarray(PREFACE.length);
    }
    while (this.#greeted && this.#bytes.length >= 9) {
      const length = this.#bytes.readUIntBE(0, 3);
      if (this.#bytes.length < 9 + length) return;
      const [type, flags, id] = [this.#bytes[3] as number, this.#bytes[4] as number, this.#bytes.readUInt32BE(5)];
      const payload = Buffer.from(this.#bytes.subarray(9, 9 + length));
      this.#bytes = this.#bytes.subarray(9 + length);
      this.#take({ type, flags, id, payload });
    }
  }

  #take({ type, flags, id, payload }: Frame): void {
    const acked = (flags & FLAG.ack) !== 0;
    if (type === TYPE.settings && !acked) this.#say({ type, flags: FLAG.ack, id: 0, payload: Buffer.alloc(0) });
    if (type === TYPE.ping && !acked) this.#say({ type, flags: FLAG.ack, id: 0, payload });
    if (type === TYPE.headers) this.#block = (flags & FLAG.priority) === 0 ? payload : payload.subarray(5);
    else if (type === TYPE.more) this.#block = Buffer.concat([this.#block, payload]);
    else return;
    if ((flags & FLAG.endHeaders) !== 0) this.#head(id);
  }

  #head(id: number): void {
    this.#list.begin(1e6, 1e7);
    this.#decoder.decode(this.#block, 0, this.#block.length, this.#list);
    const path = this.#list.fields.find(({ name }) => name.text === ':path')?.value ?? '/0';
    this.#socket.write(this.#answer(Number(path.slice(1)), id));
  }

  #say(frame: Frame): void {
    this.#socket.write(bytesOf(frame));
  }
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function edgeYaml(engine: 'on' | 'off', port: number): string {
  const at = `url: "http://127.0.0.1:${port}", protocol: h2c`;
  return `version: 1
edge: { id: test, region: aws/us-east-1, listen: "127.0.0.1:0", accelerator: ${engine} }
services:
  shop:
    retries: { budget: 100%, budget_floor: 1000, attempts: 3 }
    breakers: { failures: 200 }
    timeouts: { patience: off, first_byte: 1s, idle: 1s }
    endpoints:
      - { cloud: aws, region: us-east-1, ${at} }
      - { cloud: gcp, region: us-east4, ${at} }
      - { cloud: azure, region: eastus, ${at} }
`;
}
