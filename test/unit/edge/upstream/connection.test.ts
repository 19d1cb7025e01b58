import type { Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { UpstreamConnection } from '../../../../src/edge/upstream/connection.ts';
import type { UpstreamHandler } from '../../../../src/edge/upstream/connection-handler.ts';

const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

/** A connection to an endpoint, with what was written to it and what its user was told. */
class Stage {
  readonly written: string[] = [];
  readonly told: unknown[] = [];
  readonly connection: UpstreamConnection;
  readonly #handler: UpstreamHandler<UpstreamConnection>;

  constructor() {
    const { written, told } = this;
    const home = { release: () => told.push('released'), foundQuiet: () => {}, gone: () => told.push('gone') };
    this.connection = new UpstreamConnection(home, { host: '127.0.0.1', port: 80 });
    const socket = {
      destroyed: false,
      write: (text: string) => written.push(text) > 0,
      destroy: () => {
        socket.destroyed = true;
      },
    };
    this.connection.socket = socket as unknown as Socket;
    this.#handler = {
      interim: () => {},
      answered: ({ head, piece }) => told.push([head.status, piece.to - piece.from]),
      more: () => {},
      upstreamFailed: (_, kind) => told.push(kind),
      faulted: (error) => {
        throw error;
      },
      switched: () => {},
      upstreamDrained: () => {},
    };
  }

  ask(text: string): void {
    this.connection.begin(this.#handler, false, false);
    this.connection.late.write(text);
  }

  answer(): void {
    this.connection.nextBuffer().set(Buffer.from(ANSWER));
    this.connection.onRead(ANSWER.length);
  }
}

test('what comes of a connection that was used before its next request has gone out is no answer to that', async () => {
  const stage = new Stage();
  stage.ask('one');
  await turn();
  stage.answer();
  expect(stage.told.splice(0)).toEqual([[200, 2], 'released']);
  stage.ask('two');
  stage.answer();
  expect(stage.told).toEqual(['gone', 'unprocessed']);
  await turn();
  expect(stage.written).toEqual(['one']);
});

test('an endpoint may answer the first request of a connection before it has read it: it gets it all the same, and first', async () => {
  const stage = new Stage();
  stage.ask('one');
  stage.answer();
  expect(stage.written).toEqual(['one']);
  expect(stage.told).toEqual([[200, 2], 'released']);
  await turn();
  expect(stage.written).toEqual(['one']);
});

test.each([
  ['before its request has gone out', false, 'unprocessed'],
  ['behind it', true, 'stale-connection'],
])('a connection that was used before and breaks %s: %s is %s', async (_, gone, kind) => {
  const stage = new Stage();
  stage.ask('one');
  await turn();
  stage.answer();
  stage.ask('two');
  if (gone) await turn();
  stage.connection.lost('');
  await turn();
  expect(stage.told.at(-1)).toBe(kind);
  expect(stage.written).toEqual(gone ? ['one', 'two'] : ['one']);
});
