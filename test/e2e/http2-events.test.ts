import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import { describe, expect, test } from 'vitest';
import { startH2Origin } from '../support/h2-origin.ts';
import { h2Yaml, startH2Rig } from '../support/h2-rig.ts';
import { startOrigin } from '../support/origin.ts';

/** An endpoint that has said what its answer is, and now says an event whenever it is told to. */
type Speaker = { readonly port: number; readonly say: (event: string) => void; readonly end: () => void };

async function overHttp1(): Promise<Speaker> {
  let answer: ServerResponse | undefined;
  const { port } = await startOrigin('events', (_, response) => {
    answer = response;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
  });
  return { port, say: (event) => void answer?.write(event), end: () => void answer?.end() };
}

async function overHttp2(): Promise<Speaker> {
  let answer: ServerHttp2Stream | undefined;
  const { port } = await startH2Origin({
    answer: (stream) => {
      answer = stream;
      stream.respond({ ':status': 200, 'content-type': 'text/event-stream' });
    },
  });
  return { port, say: (event) => void answer?.write(event), end: () => void answer?.end() };
}

describe.each([
  ['HTTP/1.1', overHttp1, ''],
  ['HTTP/2', overHttp2, ', protocol: h2c'],
])('events of an endpoint that speaks %s', (_, speak, protocol) => {
  test.each(['on', 'off'])(
    'come to clients of HTTP/2 one by one, as they are said; accelerator %s',
    async (accelerator) => {
      const speaker = await speak();
      const yaml = h2Yaml([speaker.port], '', `accelerator: ${accelerator},`).replace(/" }$/m, `"${protocol} }`);
      const rig = await startH2Rig(yaml);
      const stream = rig.connect().request({ ':path': '/events', accept: 'text/event-stream' });
      // The head does not wait for a first event.
      const [head] = (await once(stream, 'response')) as [Record<string, unknown>];
      expect(head).toMatchObject({ ':status': 200, 'content-type': 'text/event-stream' });
      stream.setEncoding('utf8');
      for (let i = 0; i < 5; i += 1) {
        const event = `data: ${i}\n\n`;
        const came = once(stream, 'data');
        speaker.say(event);
        expect(await came).toEqual([event]);
      }
      speaker.end();
      await once(stream.resume(), 'end');
      await expect.poll(() => rig.records[0]).toMatchObject({ status: 200, how: 'complete' });
    },
  );
});
