import { expect, test } from 'vitest';
import { exchangeBytes } from '../support/client.ts';
import { startRawOrigin } from '../support/origin.ts';
import { startRig, threeCloudsYaml, withoutWire } from '../support/rig.ts';

/**
 * A status above 599 made Fastify throw, and a reason phrase that is no UTF-8 made node:http throw, both inside of undici, where
 * nobody catches: one answer of one endpoint ended the whole edge thread.
 */
test.each(['799 Odd', '600 ', '999', '200 Sch\xf6n', '200 \xff\xfe'])(
  'an answer that begins %j ends nothing',
  async (line) => {
    const raw = await startRawOrigin((socket) => {
      socket.on('data', () => socket.write(`HTTP/1.1 ${line}\r\nContent-Length: 2\r\n\r\nok`, 'latin1'));
    });
    const rig = await startRig(withoutWire(threeCloudsYaml([raw.port, raw.port, raw.port])));
    const text = await exchangeBytes(rig.port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${line.slice(0, 3)} `));
    expect(text).toMatch(/\r\n\r\nok$/);
    expect(rig.records).toMatchObject([{ status: Number(line.slice(0, 3)), how: 'complete' }]);
    await raw.close();
  },
);

test('nor does one with a control character in its reason, which is no answer', async () => {
  const raw = await startRawOrigin((socket) => {
    socket.on('data', () => socket.write('HTTP/1.1 200 O\x01K\r\nContent-Length: 2\r\n\r\nok', 'latin1'));
  });
  const rig = await startRig(withoutWire(threeCloudsYaml([raw.port, raw.port, raw.port])));
  const text = await exchangeBytes(rig.port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  expect(text).toMatch(/^HTTP\/1\.1 502 /);
  await raw.close();
});
