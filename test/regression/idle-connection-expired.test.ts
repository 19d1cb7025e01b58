import { once } from 'node:events';
import { expect, test } from 'vitest';
import { exchangeBytes } from '../support/client.ts';
import { startRig } from '../support/rig.ts';
import { startRecordingOrigin } from '../support/wire/recording-origin.ts';

/**
 * An idle connection whose time was over was closed and stayed in its pool: the next request was sent on it, to nobody, and
 * waited for its patience.
 */
test('a connection that was idle for too long is not used again', async () => {
  const answer = 'HTTP/1.1 200 OK\r\nKeep-Alive: timeout=2\r\nContent-Length: 2\r\n\r\nok';
  const origin = await startRecordingOrigin({ answer });
  const rig = await startRig(`version: 1
edge: { id: test, region: aws/us-east-1, listen: "127.0.0.1:0" }
services: { shop: { endpoints: [{ cloud: aws, region: us-east-1, url: "http://127.0.0.1:${origin.port}" }] } }
`);
  const ask = () => exchangeBytes(rig.port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  expect(await ask()).toMatch(/ok$/);
  await once(origin.connections[0]?.socket as NonNullable<(typeof origin.connections)[0]>['socket'], 'end');
  expect(await ask()).toMatch(/ok$/);
  expect(origin.connections).toHaveLength(2);
  expect(rig.records.map(({ attempts }) => attempts.map(({ outcome }) => outcome))).toEqual([['success'], ['success']]);
});
