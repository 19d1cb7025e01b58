import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test, vi } from 'vitest';
import { ask } from '../support/client.ts';
import { startOrigin } from '../support/origin.ts';
import { startRig } from '../support/rig.ts';

test.each([
  ['an answer that is for everybody', 'at once', { 'Cache-Control': 'max-age=60' }],
  ['an answer without a lifetime', 'after its client has left', {}],
])('%s and never ends is not read on when all who waited for it have left', async (_, when, headers) => {
  const left = Promise.withResolvers<void>();
  let open = 0;
  let begun = 0;
  const origin = await startOrigin('origin', (request, response) => {
    if (request.url !== '/endless') {
      response.end();
      return;
    }
    open += 1;
    begun += 1;
    response.on('close', () => {
      open -= 1;
    });
    const begin = () => response.writeHead(200, headers).write('x');
    if (when === 'at once') begin();
    else void left.promise.then(begin);
  });
  const rig = await startRig(`version: 1
edge: { id: test, region: aws/us-east-1, listen: "127.0.0.1:0", workers: 1 }
services:
  shop:
    degraded: { primary_timeout: 10s, cache: { fresh_for: 60s } }
    endpoints:
      - { cloud: aws, region: us-east-1, url: "http://127.0.0.1:${origin.port}" }
`);
  const client = async () => {
    const socket = connect(rig.port, '127.0.0.1');
    socket.on('error', () => {});
    await once(socket, 'connect');
    socket.write('GET /endless HTTP/1.1\r\nHost: a\r\n\r\n');
    return socket;
  };
  // Whatever came to the edge before it has been dealt with once it is answered.
  const roundTrip = () => ask(rig.port, { path: '/' });
  const leader = await client();
  await vi.waitFor(() => expect(begun).toBe(1));
  const follower = await client();
  await roundTrip();
  leader.resetAndDestroy();
  await roundTrip();
  left.resolve();
  if (when !== 'at once') await vi.waitFor(() => expect(begun).toBe(2));
  follower.resetAndDestroy();
  await vi.waitFor(() => expect(open).toBe(0));
});
