import { expect, test } from 'vitest';
import { exchangeBytes } from '../support/client.ts';
import { startRawOrigin } from '../support/origin.ts';
import { startRig, threeCloudsYaml, withoutWire } from '../support/rig.ts';

/**
 * A request whose body turned out to be garbage was left waiting: its endpoint waited for the rest of the body, and at the end
 * of the first-byte limit the endpoint was blamed. Five such requests, from anybody, opened its breaker.
 */
test('a client that sends garbage for a body gets a 400, and nobody is blamed for it', async () => {
  const raw = await startRawOrigin((socket) => socket.on('data', () => {}));
  const rig = await startRig(
    withoutWire(threeCloudsYaml([raw.port, raw.port, raw.port], '    timeouts: { first_byte: 100ms }')),
  );
  const bad = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nno size\r\n';
  for (let i = 0; i < 6; i += 1) expect(await exchangeBytes(rig.port, bad)).toMatch(/^HTTP\/1\.1 400 /);
  const outcomes = rig.records.map(({ attempts }) => attempts.map(({ outcome }) => outcome));
  expect(outcomes).toEqual(Array.from({ length: 6 }, () => ['abandoned']));
  expect(rig.events.filter(({ type }) => type === 'breaker-moved')).toEqual([]);
  await raw.close();
});
