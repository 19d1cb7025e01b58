import { expect, test } from 'vitest';
import { exchangeBytes } from '../support/client.ts';
import { startRawOrigin } from '../support/origin.ts';
import { startRig } from '../support/rig.ts';

test('whichever engine takes a request, it goes out over the connection that the one before has left', async () => {
  let connections = 0;
  let requests = 0;
  const origin = await startRawOrigin((socket) => {
    connections += 1;
    socket.on('data', () => {
      requests += 1;
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
    });
  });
  const rig = await startRig(`version: 1
edge: { id: test, region: aws/us-east-1, listen: "127.0.0.1:0" }
services:
  shop:
    endpoints:
      - { cloud: aws, region: us-east-1, url: "http://127.0.0.1:${origin.port}" }
`);
  // The wire engine leaves HTTP/1.0 to the general one.
  for (const version of ['1.1', '1.0', '1.1', '1.0']) {
    const text = await exchangeBytes(rig.port, `GET / HTTP/${version}\r\nHost: a\r\nConnection: close\r\n\r\n`);
    expect(text).toMatch(/\r\n\r\nok$/);
  }
  expect([requests, connections]).toEqual([4, 1]);
  await origin.close();
});
