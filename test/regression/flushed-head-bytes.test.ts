import { expect, test } from 'vitest';
import { exchangeBytes } from '../support/client.ts';
import { startRawOrigin } from '../support/origin.ts';
import { startRig, threeCloudsYaml, withoutWire } from '../support/rig.ts';

/** A head that went out before its body had its bytes above ASCII written as UTF-8. */
test('headers are the same bytes whether their body comes with them or later', async () => {
  const raw = await startRawOrigin((socket) => {
    socket.on('data', () => {
      socket.write('HTTP/1.1 200 OK\r\nX-A: caf\xe9 \xff\r\nContent-Length: 2\r\n\r\n', 'latin1');
      setTimeout(() => socket.write('ok'), 50);
    });
  });
  const rig = await startRig(withoutWire(threeCloudsYaml([raw.port, raw.port, raw.port])));
  const text = await exchangeBytes(rig.port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', /ok$/);
  expect(text).toContain('X-A: caf\xe9 \xff\r\n');
  await raw.close();
});
