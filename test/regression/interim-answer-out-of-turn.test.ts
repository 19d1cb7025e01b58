import { expect, test } from 'vitest';
import { exchangeBytes } from '../support/client.ts';
import { startRawOrigin } from '../support/origin.ts';
import { startRig, threeCloudsYaml, withoutWire } from '../support/rig.ts';

/**
 * node:http puts an interim answer that is given before its response's turn between the head and the body of that response. A client
 * that pipelined behind a slower request took the 100 or the 103 for the first bytes of the body, and the rest for an answer.
 */
test.each([
  ['a 100 Continue', 'Expect: 100-continue\r\n', ''],
  ['a hint of the origin', '', 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'],
])('%s does not get into an answer', async (_, header, hint) => {
  const raw = await startRawOrigin((socket) => {
    socket.on('data', (bytes) => {
      const isFirst = bytes.includes('GET /first');
      const answer = `${isFirst ? '' : hint}HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n${isFirst ? 'first.' : 'second'}`;
      setTimeout(() => socket.write(answer), isFirst ? 100 : 0);
    });
  });
  const rig = await startRig(withoutWire(threeCloudsYaml([raw.port, raw.port, raw.port])));
  const text = await exchangeBytes(
    rig.port,
    `GET /first HTTP/1.1\r\nHost: a\r\n\r\nGET /second HTTP/1.1\r\nHost: a\r\n${header}\r\n`,
    /second/,
  );
  expect(text).toMatch(/\r\n\r\nfirst\.HTTP\/1\.1 [\s\S]*\r\n\r\nsecond$/);
  await raw.close();
});
