import { expect, test } from 'vitest';
import { headerOf } from '../../src/edge/message/request-head.ts';
import { ask } from '../support/client.ts';
import { startOrigin } from '../support/origin.ts';
import { startRig, threeCloudsYaml, withoutWire } from '../support/rig.ts';

// A listener for both families shows an IPv4 client as ::ffff:127.0.0.1. Endpoints, rules and logs know it by its usual name.
const STRANGERS = ', trust_proxies: []';

test.each([
  ['wire', (yaml: string) => yaml],
  ['general', withoutWire],
])('%s: a client on a listener for both families has one address everywhere', async (_, engine) => {
  const origin = await startOrigin('x');
  for (const trusted of [true, false]) {
    const yaml = threeCloudsYaml([origin.port, origin.port, origin.port]);
    const rig = await startRig(engine(trusted ? yaml : yaml.replace(', trust_proxies: [loopback]', STRANGERS)), {
      host: '::',
    });
    await ask(rig.port);
    await ask(rig.port, { headers: { 'x-forwarded-for': '203.0.113.7' } });
    const seen = origin.seen.splice(0).map(({ rawHeaders }) => headerOf(rawHeaders, 'x-forwarded-for'));
    expect(seen).toEqual(['127.0.0.1', trusted ? '203.0.113.7, 127.0.0.1' : '127.0.0.1']);
    expect(rig.records.map(({ clientAddress }) => clientAddress)).toEqual([
      '127.0.0.1',
      trusted ? '203.0.113.7' : '127.0.0.1',
    ]);
  }
});
