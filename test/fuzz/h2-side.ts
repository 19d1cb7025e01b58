import { connect } from 'node:net';
import { Decoder } from '../../src/edge/frames/hpack/decoder.ts';
import { FieldList } from '../../src/edge/frames/hpack/field-list.ts';
import { startBareRig } from '../support/bare-rig.ts';
import type { Order, Outcome } from './campaign.ts';
import { addressOf } from './conversation.ts';
import { Dice } from './dice.ts';
import { bytesOf, FLAG, PREFACE, TYPE, validFrames } from './frame-grammar.ts';
import { spoiledFrames } from './frame-mutation.ts';
import { startFuzzOrigin } from './fuzz-origin.ts';
import { END, type Judged, type Judgement, startH2Judge } from './h2-judge.ts';

/** Connections that are had at the same time, beside one that behaves. */
const LANES = 48;
const FAILURES_MAX = 10;
/** Longer than the edge waits for the rest of a frame. */
const CASE_MS_MAX = 15_000;
/** The innocent's answer may take so long on a busy machine. */
const INNOCENT_MS_MAX = 10_000;
/** What the process may have grown by, whatever the number of cases. */
const GROWTH_BYTES_MAX = 256 * 1024 * 1024;

/**
 * Frames and header blocks of clients under fire. node:http2 reads the same bytes: what arrives at the origin is what it takes from them, or
 * less; all of it where nothing was spoiled. Every answer says which request it is to, so that one on another stream is seen. Beside
 * the cases a client that behaves goes on being answered, and nothing is left over, nor has the process grown, in the end.
 */
export async function h2Campaign({ engine, seed, from, cases }: Order): Promise<Outcome> {
  const failures: string[] = [];
  const arrivals = new Map<string, string[]>();
  let requests = 0;
  const fail = (nth: number | undefined, what: string): void => {
    const again = nth === undefined ? '' : ` --case ${nth}`;
    failures.push(`frames, accelerator ${engine}, --seed ${seed}${again}: ${what}`);
  };
  const origin = await startFuzzOrigin(
    ({ address, request, socket }) => {
      requests += 1;
      const [method, path] = request.start.split(' ');
      arrivals.get(address)?.push(`${method} ${path} ${request.body}`);
      const body = method === 'HEAD' ? '' : `answer to ${path}`;
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${`answer to ${path}`.length}\r\n\r\n${body}`);
    },
    (what) => fail(undefined, what),
  );
  const judge = await startH2Judge();
  const rig = await startBareRig(edgeYaml(engine, origin.port), { unrecorded: true });
  const bytesBefore = process.memoryUsage().rss;
  const startMs = performance.now();
  let next = from;
  let going = true;
  const innocent = innocentClient(
    rig.port,
    () => going,
    (what) => fail(undefined, what),
  );
  const lane = async (): Promise<void> => {
    while (next < from + cases && failures.length < FAILURES_MAX) {
      const nth = next;
      next += 1;
      const dice = new Dice(seed, nth);
      const frames = validFrames(dice, nth);
      const spoiled = !dice.onceIn(4);
      const bytes = Buffer.concat([
        Buffer.from(PREFACE, 'latin1'),
        spoiled ? spoiledFrames(dice, frames) : Buffer.concat(frames.map((frame) => bytesOf(frame))),
        bytesOf({ type: TYPE.ping, flags: 0, id: 0, payload: END }),
      ]);
      const judged = await judge.judge(bytes);
      const address = addressOf(nth);
      const arrived: string[] = [];
      arrivals.set(address, arrived);
      const heard = await converse(rig.port, address, dice.cut(bytes.toString('latin1'), 5), judged.requests);
      arrivals.delete(address);
      const wrong = wrongCase(judged, arrived, heard, spoiled);
      if (wrong !== undefined) fail(nth, `${wrong}\n  sent ${bytes.toString('hex')}`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(LANES, cases) }, lane));
  going = false;
  await innocent;
  const tookMs = performance.now() - startMs;
  const giveUpMs = performance.now() + 8000;
  const left = (): number => [...rig.table.live.inFlight].reduce((sum, count) => sum + count, 0) + origin.busy();
  while (left() !== 0 && performance.now() < giveUpMs) await new Promise((resolve) => setTimeout(resolve, 10));
  if (left() !== 0) fail(undefined, `${left()} requests are left over`);
  if (rig.events.length > 0) fail(undefined, JSON.stringify(rig.events.slice(0, 3)));
  const grown = process.memoryUsage().rss - bytesBefore;
  if (grown > GROWTH_BYTES_MAX) fail(undefined, `the process has grown by ${grown} bytes`);
  await rig.stop();
  judge.stop();
  await origin.stop();
  return { failures, requests, tookMs };
}

type Heard = { readonly answers: ReadonlyMap<number, Answer>; readonly acked: boolean; readonly closed: boolean };
type Answer = { status: string; body: string; ended: boolean };

/**
 * Where node:http2 has ended the connection, this edge may have reset a stream alone (RFC 9113 §5.1 leaves it so in places) and gone on: then
 * what comes behind is not judged by what arrives, but answers still have to be those of their streams.
 */
function wrongCase(judged: Judgement, arrived: readonly string[], heard: Heard, spoiled: boolean): string | undefined {
  if (!heard.acked && !heard.closed) return 'it hung';
  if (!spoiled && !judged.alive) return 'the grammar wrote what node:http2 refuses';
  const meant = judged.requests.map(({ method, path, body }) => `${method} ${path} ${body}`);
  const more = arrived.find((request) => !meant.includes(request));
  if (judged.alive && more !== undefined) return `${more} arrived, and node:http2 took ${JSON.stringify(meant)}`;
  return wrongAnswer(judged, heard) ?? (spoiled ? undefined : missing(judged, arrived, heard));
}

function wrongAnswer({ requests, alive }: Judgement, { answers }: Heard): string | undefined {
  for (const [id, { status, body, ended }] of answers) {
    const asked = requests.find((one) => one.id === id);
    if (status !== '200' || !ended || (asked === undefined && !alive)) continue;
    const due = asked?.method === 'HEAD' ? '' : `answer to ${asked?.path}`;
    if (asked === undefined || body !== due) return `stream ${id} was answered ${JSON.stringify(body)}, due ${due}`;
  }
  return undefined;
}

/** Nothing was spoiled: all of it arrives, and is answered. */
function missing({ requests }: Judgement, arrived: readonly string[], { answers }: Heard): string | undefined {
  const lost = requests.filter(({ method, path, body }) => !arrived.includes(`${method} ${path} ${body}`));
  if (lost.length > 0) return `${JSON.stringify(lost)} did not arrive`;
  const silent = requests.filter(({ id }) => answers.get(id)?.ended !== true);
  return silent.length > 0 ? `streams ${silent.map(({ id }) => id).join()} were not answered` : undefined;
}

/** Writes the pieces, and listens until all that node:http2 took is answered and the last PING too, or the connection ends. */
async function converse(
  port: number,
  address: string,
  pieces: readonly string[],
  judged: readonly Judged[],
): Promise<Heard> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const answers = new Map<number, Answer>();
  let [acked, closed] = [false, false];
  const over = new Set<number>();
  const ears = new FrameEars((type, flags, id, payload, fields) => {
    if (type === TYPE.ping && flags === FLAG.ack && payload.equals(END)) acked = true;
    if (type === TYPE.reset) over.add(id);
    if (type === TYPE.headers || type === TYPE.data) {
      const answer = answers.get(id) ?? { status: '', body: '', ended: false };
      answers.set(id, answer);
      if (fields !== undefined && answer.status === '') answer.status = fields;
      if (type === TYPE.data) answer.body += payload.toString('latin1');
      answer.ended = (flags & FLAG.end) !== 0;
      if (answer.ended) over.add(id);
    }
    if (acked && judged.every((one) => over.has(one.id))) resolve();
  });
  const socket = connect({ port, host: '127.0.0.1', localAddress: address, noDelay: true });
  socket.on('data', (bytes: Buffer) => ears.hear(bytes));
  socket.on('error', () => {});
  socket.on('close', () => {
    closed = true;
    resolve();
  });
  socket.on('end', () => {
    closed = true;
    resolve();
  });
  const timer = setTimeout(resolve, CASE_MS_MAX);
  for (const piece of pieces) {
    if (socket.writable) socket.write(piece, 'latin1');
    await new Promise((go) => setImmediate(go));
  }
  await promise;
  clearTimeout(timer);
  socket.destroy();
  return { answers, acked, closed };
}

type Ear = (type: number, flags: number, id: number, payload: Buffer, status: string | undefined) => void;

/** Reads frames, and of header blocks their first field. */
class FrameEars {
  readonly #ear: Ear;
  readonly #decoder = new Decoder();
  readonly #list = new FieldList();
  #bytes = Buffer.alloc(0);

  constructor(ear: Ear) {
    this.#ear = ear;
  }

  hear(chunk: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    while (this.#bytes.length >= 9) {
      const length = this.#bytes.readUIntBE(0, 3);
      if (this.#bytes.length < 9 + length) return;
      const [type, flags] = [this.#bytes[3] as number, this.#bytes[4] as number];
      const payload = Buffer.from(this.#bytes.subarray(9, 9 + length));
      const id = this.#bytes.readUInt32BE(5);
      this.#bytes = this.#bytes.subarray(9 + length);
      this.#ear(type, flags, id, payload, type === TYPE.headers ? this.#status(payload) : undefined);
    }
  }

  #status(block: Buffer): string {
    this.#list.begin(1e6, 1e7);
    if (this.#decoder.decode(block, 0, block.length, this.#list) !== 0) throw new Error('a header block that is none');
    return this.#list.fields[0]?.value ?? '';
  }
}

/** Asks again and again over HTTP/1.1 of its own, and is answered each time. */
async function innocentClient(port: number, going: () => boolean, wrong: (what: string) => void): Promise<void> {
  for (let nth = 0; going(); nth += 1) {
    const answer = await fetch(`http://127.0.0.1:${port}/innocent/${nth}`, {
      signal: AbortSignal.timeout(INNOCENT_MS_MAX),
    })
      .then((response) => response.text())
      .catch((error: unknown) => String(error));
    if (answer !== `answer to /innocent/${nth}`) wrong(`a client that behaves was answered ${answer}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** As that of the other campaigns, for clients who begin with HTTP/2. */
function edgeYaml(engine: 'on' | 'off', port: number): string {
  return `version: 1
edge: { id: test, region: aws/us-east-1, accelerator: ${engine}, head_timeout: 1s, listeners: [{ listen: "127.0.0.1:0", http2: h2c }] }
services:
  shop:
    retries: { budget: 100%, budget_floor: 1000 }
    breakers: { failures: 200 }
    timeouts: { patience: off, first_byte: 4s, idle: 2s }
    endpoints:
      - { cloud: aws, region: us-east-1, url: "http://127.0.0.1:${port}" }
`;
}
