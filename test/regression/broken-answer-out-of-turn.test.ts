import { expect, test } from 'vitest';
import { exchangeBytes } from '../support/client.ts';
import { startRawOrigin } from '../support/origin.ts';
import { startRig, threeCloudsYaml, withoutWire } from '../support/rig.ts';

/** An answer that broke off before its turn came was forgotten, and the client that had pipelined its request waited for it. */
test('an answer that breaks off behind a slower one breaks the connection when its turn comes', async () => {
  const raw = await startRawOrigin((socket) => {
    socket.on('data', (bytes) => {
      if (bytes.includes('GET /first')) {
        setTimeout(() => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nfirst.'), 200);
      } else {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart');
        setTimeout(() => socket.destroy(), 20);
      }
    });
  });
  const rig = await startRig(withoutWire(threeCloudsYaml([raw.port, raw.port, raw.port])));
  const text = await exchangeBytes(
    rig.port,
    'GET /first HTTP/1.1\r\nHost: a\r\n\r\nGET /second HTTP/1.1\r\nHost: a\r\n\r\n',
  );
  expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(text).toContain('first.');
  await raw.close();
});
