import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { OUTCOMES } from '../../src/table/worker-block.ts';
import { ENGINES, plainFront } from '../contract/engines.ts';
import { settled, startStage } from '../contract/stage.ts';
import { turns } from '../support/wire/raw-client.ts';
import { OK } from '../support/wire/recording-origin.ts';

/** Uploads that are refused, one after the other; an answer was lost in about every third. */
const UPLOADS = 30;
const REFUSED = 'HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 5\r\n\r\nlarge';

test.each(ENGINES)(
  '413 and the end of the connection in the middle of an upload is an answer, accelerator %s',
  async (engine) => {
    const stage = await startStage(plainFront(engine), {
      service: '    breakers: { failures: 3 }',
      origins: [{ answer: OK, head: (to) => refuse(to) }],
    });
    for (let i = 0; i < UPLOADS; i += 1) {
      const client = await stage.client();
      client.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4000000\r\n\r\n');
      while (stage.rig.records.length === i) {
        if (client.socket.writable) client.write('x'.repeat(60_000));
        await turns(1);
      }
      client.socket.destroy();
    }
    expect(stage.rig.records.map(({ status, how }) => `${status} ${how}`)).toEqual(Array(UPLOADS).fill('413 complete'));
    const outcomes = stage.rig.block.outcomes;
    expect(OUTCOMES.filter((_, i) => outcomes[i] !== 0)).toEqual(['success']);
    await settled({ rig: stage.rig, origins: [] });
  },
);

/** Answers, ends and leaves the rest of the request unread: the kernel resets the connection. */
function refuse({ socket, write }: { socket: Socket; write: (bytes: string) => void }): void {
  socket.pause();
  write(REFUSED);
  socket.destroySoon();
}
