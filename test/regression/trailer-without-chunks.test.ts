import { expect, test } from 'vitest';
import { exchangeBytes } from '../support/client.ts';
import { startRawOrigin } from '../support/origin.ts';
import { startRig, threeCloudsYaml, withoutWire } from '../support/rig.ts';

/** A `Trailer` header on an answer that has no chunks made node:http throw where nobody catches, and the edge thread ended. */
test.each(['204 No Content', '304 Not Modified'])('a %s that announces trailers ends nothing', async (line) => {
  const raw = await startRawOrigin((socket) => {
    socket.on('data', () => socket.write(`HTTP/1.1 ${line}\r\nTrailer: X-T\r\n\r\n`));
  });
  const rig = await startRig(withoutWire(threeCloudsYaml([raw.port, raw.port, raw.port])));
  const text = await exchangeBytes(rig.port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${line}\r\n`));
  expect(text).not.toMatch(/trailer/i);
  await raw.close();
});
