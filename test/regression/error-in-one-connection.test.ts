import { expect, test } from 'vitest';
import { exchangeBytes } from '../support/client.ts';
import { startOrigin } from '../support/origin.ts';
import { startRig, threeCloudsYaml, withoutWire } from '../support/rig.ts';

const UPGRADE = 'Connection: Upgrade\r\nUpgrade: custom/1\r\n';

/** An error of this edge's own in taking one request was uncaught: it ended the thread with everybody else's. */
test.each([
  ['a request on the wire', '', (yaml: string) => yaml],
  ['a request', '', withoutWire],
  ['an upgrade', UPGRADE, withoutWire],
])('an unforeseen error in taking %s ends its connection, and others are answered', async (_, lines, engine) => {
  const origin = await startOrigin('ok');
  const rig = await startRig(engine(threeCloudsYaml([origin.port, origin.port, origin.port])));
  const lookup = (): never => {
    throw new Error('odd');
  };
  rig.edge.swapGeo({ kind: 'country', ipVersion: 4, builtAtMs: 0, lookup });
  const asked = (from: string) =>
    exchangeBytes(
      rig.port,
      `GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: ${from}\r\n${lines === '' ? 'Connection: close\r\n' : lines}\r\n`,
    );
  expect(await asked('3.80.0.1')).toBe('');
  expect(rig.events.filter(({ type }) => type === 'bug')).toHaveLength(1);
  expect(await asked('127.0.0.1')).toMatch(/^HTTP\/1\.1 200 OK/);
  await origin.kill();
});
