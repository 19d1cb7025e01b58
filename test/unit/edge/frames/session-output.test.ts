import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { expect, test } from 'vitest';
import { CHUNK_BYTES } from '../../../../src/edge/frames/frame-writer.ts';
import { HeldBytes } from '../../../../src/edge/frames/held-bytes.ts';
import { Session } from '../../../../src/edge/frames/session.ts';
import type { SessionHandler } from '../../../../src/edge/frames/session-handler.ts';
import { type OutputHost, SessionOutput } from '../../../../src/edge/frames/session-output.ts';
import type { LocalSettings } from '../../../../src/edge/frames/settings.ts';

const OWN: LocalSettings = {
  role: 'server',
  streamsMax: 1,
  streamWindowBytes: 65_535,
  connectionWindowBytes: 65_535,
  headerListBytesMax: 1024,
  headerListBytesHardMax: 1024,
  connectProtocol: false,
};
const NOBODY: SessionHandler<unknown> = {
  headers: () => {},
  data: () => {},
  reset: () => {},
  drained: () => {},
  sent: () => {},
  goneAway: () => {},
  output: () => {},
  failed: () => {},
};

const turn = (): Promise<void> => new Promise((done) => void setImmediate(done));

/** A session whose output goes to a socket that notes each write. */
function outputTo(written: OutputHost['written'] = () => {}) {
  const writes: string[] = [];
  const wrote = (what: string, done: () => void): void => {
    writes.push(what);
    done();
  };
  const socket = new Duplex({
    read: () => {},
    write: (_chunk, _encoding, done) => wrote('one', done),
    writev: (chunks, done) => wrote(`${chunks.length} together`, done),
  }) as unknown as Socket;
  const faults: unknown[] = [];
  const session = new Session(OWN, NOBODY, new HeldBytes());
  const output = new SessionOutput(session, socket, { written, faulted: (error) => void faults.push(error) });
  return { writes, faults, socket, session, output };
}

test('what is said in one turn is written once, at its end', async () => {
  const { writes, session, output } = outputTo();
  for (let i = 0; i < 3; i += 1) {
    session.writer.settingsAck();
    output.soon();
  }
  expect(writes).toEqual([]);
  await turn();
  expect(writes).toEqual(['one']);
  expect(session.writer.length).toBe(0);

  session.writer.settingsAck();
  output.soon();
  await turn();
  expect(writes).toEqual(['one', 'one']);
});

test('chunks of one turn are gathered into one write', async () => {
  const { writes, session, output } = outputTo();
  session.writer.raw(Buffer.alloc(CHUNK_BYTES));
  session.writer.raw(Buffer.alloc(CHUNK_BYTES));
  output.soon();
  await turn();
  expect(writes).toEqual(['2 together']);
});

test('an error of one connection is its own: those behind it are written', async () => {
  const boom = new Error('boom');
  const one = outputTo(() => {
    throw boom;
  });
  const two = outputTo();
  for (const { session, output } of [one, two]) {
    session.writer.settingsAck();
    output.soon();
  }
  await turn();
  expect([one.faults, two.faults]).toEqual([[boom], []]);
  expect(two.writes).toEqual(['one']);
});

test.each(['end', 'destroy'] as const)('nothing is written to a socket after its %s', async (way) => {
  let told = 0;
  const { writes, faults, socket, session, output } = outputTo(() => void (told += 1));
  session.writer.settingsAck();
  output.soon();
  socket[way]();
  await turn();
  expect([writes, faults, told]).toEqual([[], [], 0]);
});
