import { expect, test } from 'vitest';
import { ask } from '../support/client.ts';
import { startOrigin, startRawOrigin } from '../support/origin.ts';
import { startRig } from '../support/rig.ts';

test('a fallback backend that gives up what is idle loses no answer', async () => {
  const origin = await startOrigin('sick', (_, response) => void response.writeHead(503).end());
  let connections = 0;
  const fallback = await startRawOrigin((socket) => {
    connections += 1;
    let answered = false;
    socket.on('data', () => {
      if (answered) socket.resetAndDestroy();
      else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nfallback');
      answered = true;
    });
  });
  const rig = await startRig(`version: 1
edge: { id: test, region: aws/us-east-1, listen: "127.0.0.1:0" }
services:
  shop:
    degraded: { fallbacks: [{ url: "http://127.0.0.1:${fallback.port}", timeout: 2s }] }
    endpoints: [{ cloud: aws, region: us-east-1, url: "http://127.0.0.1:${origin.port}" }]
`);
  const bodies: string[] = [];
  for (let i = 0; i < 10; i += 1) bodies.push((await ask(rig.port, { path: `/${i}` })).body);
  expect(bodies).toEqual(Array(10).fill('fallback'));
  expect(connections).toBeGreaterThan(5);
  await fallback.close();
});
