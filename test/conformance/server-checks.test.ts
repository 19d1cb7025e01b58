import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BareRig } from '../support/bare-rig.ts';
import { connectRaw, F, frame, PREFACE, type RawClient, type RawFrame, settings, T } from '../support/h2-raw.ts';
import { freePort } from '../support/programs.ts';
import { type AtEnd, startEdges, startOrigin } from './edges.ts';
import { type Check, type Due, saysOf, type Wait } from './server-check.ts';
import { CHECKS } from './server-checks.ts';

/** The checks wait for two seconds; a machine that does other things at the same time is given more. */
const DUE_MS = 10_000;

type Edge = { readonly name: string; readonly rig: BareRig; readonly ca: string | undefined };
const edges: Edge[] = [];
const ends: (() => unknown)[] = [];

beforeAll(async () => {
  const atEnd: AtEnd = (run) => ends.unshift(run);
  const ports = { answers: await startOrigin(atEnd), refuses: await freePort() };
  for (const [what, port] of Object.entries(ports)) {
    const { tls, plain, ca } = await startEdges(port, atEnd);
    edges.push({ name: `TLS, an origin that ${what}`, rig: tls, ca });
    edges.push({ name: `prior knowledge, an origin that ${what}`, rig: plain, ca: undefined });
  }
});

afterAll(async () => {
  for (const end of ends) await end();
});

test('no check is left out, and none is there twice', () => {
  expect(CHECKS.length).toBeGreaterThanOrEqual(146);
  expect(new Set(CHECKS.map(({ name }) => name)).size).toBe(CHECKS.length);
});

// Whether there is an answer, or only this edge's own, and whoever the client knows that it speaks to: what is a rule of HTTP/2 holds all the same.
test.each(CHECKS.map((check) => [check.name, check] as const))('%s', { timeout: 60_000 }, async (_, check) => {
  const found = await Promise.all(edges.map(async (edge) => [edge.name, await played(edge, check)]));
  expect(found).toEqual(edges.map(({ name }) => [name, 'as it is due']));
});

async function played({ rig, ca }: Edge, { send, due, bare }: Check): Promise<string> {
  const client = connectRaw(rig.port, ca);
  const streamsMax = bare === true ? 0 : await shakeHands(client);
  const seen: Seen = { acks: acksIn(client.frames), data: 0 };
  for (const one of send(saysOf(rig.port, ca !== undefined, streamsMax))) {
    if (typeof one !== 'string') client.write(one);
    else if (!(await within(waitFor(client, one, seen)))) return `${one} did not come`;
  }
  const came = await within(isDue(client, due, seen));
  client.socket.destroy();
  if (came) return 'as it is due';
  const frames = client.frames.map(({ type, flags, id, payload }) => [type, flags, id, payload.toString('hex', 0, 16)]);
  return `${JSON.stringify({ due, frames })}${client.ended ? ', closed' : ''}`;
}

/** What has been waited for so far: what comes of the next step is behind it. */
type Seen = { acks: number; data: number };

/** Both sides have heard of each other's settings before anything is checked. */
async function shakeHands(client: RawClient): Promise<number> {
  client.write(PREFACE);
  client.write(settings([4, 65_535]));
  const theirs = await client.until(({ type, flags }) => type === T.settings && flags === 0);
  await client.until(({ type, flags }) => type === T.settings && flags === F.ack);
  client.write(frame(T.settings, F.ack, 0));
  const pairs = theirs?.payload ?? Buffer.alloc(0);
  for (let at = 0; at < pairs.length; at += 6) if (pairs.readUInt16BE(at) === 3) return pairs.readUInt32BE(at + 2);
  return 0;
}

function acksIn(frames: readonly RawFrame[]): number {
  return frames.filter(({ type, flags }) => type === T.settings && flags === F.ack).length;
}

async function waitFor(client: RawClient, what: Wait, seen: Seen): Promise<boolean> {
  if (what === 'ended') {
    return (await client.until(({ type, flags }) => type <= T.headers && (flags & F.end) !== 0)) !== undefined;
  }
  if (what === 'acknowledged') {
    const found = await client.until(() => acksIn(client.frames) > seen.acks);
    seen.acks += 1;
    return found !== undefined;
  }
  const found = await client.until(({ type }) => type === T.data);
  seen.data = client.frames.filter(({ type }) => type === T.data).length;
  return found !== undefined;
}

function isDue(client: RawClient, due: Due, seen: Seen): Promise<boolean> {
  if (typeof due !== 'object') return isWordDue(client, due, seen);
  if ('firstData' in due) return isFirstData(client, due.firstData, seen);
  if ('only' in due) return isOnly(client, due);
  return isError(client, due);
}

async function isWordDue(client: RawClient, due: Due & string, seen: Seen): Promise<boolean> {
  const came = async (wanted: (frame: RawFrame) => boolean) => (await client.until(wanted)) !== undefined;
  switch (due) {
    case 'closed':
      await client.close();
      // Nothing that is no frame.
      return !client.midway;
    case 'settings first':
      return (await came(() => true)) && client.frames[0]?.type === T.settings && client.frames[0].flags === 0;
    case 'settings acknowledged':
      return came(() => acksIn(client.frames) > seen.acks);
    case 'head':
      return (await client.type(T.headers))?.id === 1;
    case 'data':
      return came(({ type }) => type === T.data);
    case 'pong':
      return came(isPong);
    default:
      return (await came(isPong)) || client.ended;
  }
}

/** The first DATA behind what has been waited for. */
async function isFirstData(client: RawClient, length: number, seen: Seen): Promise<boolean> {
  const data = (): RawFrame | undefined => client.frames.filter(({ type }) => type === T.data)[seen.data];
  await client.until(() => data() !== undefined);
  return data()?.payload.length === length;
}

async function isOnly(client: RawClient, { only, code }: { only: 'goaway' | 'reset'; code: number }): Promise<boolean> {
  const found = only === 'goaway' ? await client.type(T.goaway) : await client.type(T.rst, 1);
  return found !== undefined && codeOf(found) === code;
}

async function isError(client: RawClient, due: ErrorDue): Promise<boolean> {
  const [codes, types] = 'stream' in due ? [due.stream, [T.goaway, T.rst]] : [due.connection, [T.goaway]];
  const found = await client.until((one) => types.includes(one.type) && codes.includes(codeOf(one)));
  return found !== undefined || client.ended;
}

type ErrorDue = { readonly connection: readonly number[] } | { readonly stream: readonly number[] };

function codeOf({ type, payload }: RawFrame): number {
  return payload.readUInt32BE(type === T.goaway ? 4 : 0);
}

function isPong({ type, flags, payload }: RawFrame): boolean {
  return type === T.ping && (flags & F.ack) !== 0 && payload.equals(Buffer.alloc(8));
}

/** False when it has not come in time. */
async function within(what: Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, DUE_MS, false);
  });
  const came = await Promise.race([what, late]);
  clearTimeout(timer);
  return came;
}
