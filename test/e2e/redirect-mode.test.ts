import { describe, expect, test } from 'vitest';
import { ask } from '../support/client.ts';
import { startOrigin } from '../support/origin.ts';
import { startRig, withoutWire } from '../support/rig.ts';

const yamlOf = (port: number, mode: string) => `version: 1
edge: { id: test, region: aws/us-east-1, listen: "127.0.0.1:0", trust_proxies: [loopback] }
services:
  files:
    mode: ${mode}
    hsts: on
    endpoints:
      - { cloud: aws, region: us-east-1, url: "http://127.0.0.1:${port}", public_url: https://us.example/files/ }
      - { cloud: gcp, region: europe-west1, url: "http://127.0.0.1:${port}", public_url: "http://eu.example:8080" }
      - { cloud: azure, region: japaneast, url: "http://127.0.0.1:${port}", public_url: https://jp.example }
`;

describe.each(['on', 'off'])('accelerator %s', (accelerator) => {
  const stage = async (mode: string) => {
    const origin = await startOrigin('origin');
    const yaml = yamlOf(origin.port, mode);
    return { origin, rig: await startRig(accelerator === 'on' ? yaml : withoutWire(yaml)) };
  };
  const from = (port: number, client: string, more: Record<string, string> = {}) =>
    ask(port, { path: '/a%2Fb?c=/d', headers: { 'x-forwarded-for': client, ...more } });

  test('each client is sent to the endpoint that is near it, path and query kept; nothing is forwarded, and all of it is counted', async () => {
    const { origin, rig } = await stage('redirect');
    // Addresses of networks in the United States, in Germany and in Japan.
    const [us, de, jp] = [
      await from(rig.port, '8.8.8.8'),
      await from(rig.port, '141.1.1.1', { 'x-forwarded-proto': 'https' }),
      await from(rig.port, '133.11.0.1'),
    ];
    expect([us, de, jp].map(({ status, headers }) => [status, headers['location'], headers['cache-control']])).toEqual([
      [307, 'https://us.example/files/a%2Fb?c=/d', 'no-store'],
      [307, 'http://eu.example:8080/a%2Fb?c=/d', 'no-store'],
      [307, 'https://jp.example/a%2Fb?c=/d', 'no-store'],
    ]);
    expect([us, de].map(({ headers }) => headers['strict-transport-security'])).toEqual([
      undefined,
      'max-age=31536000',
    ]);
    expect(origin.seen).toEqual([]);
    expect(rig.records.map(({ status, service, attempts }) => [status, service, attempts])).toEqual(
      Array.from({ length: 3 }, () => [307, 'files', []]),
    );
    expect([...rig.table.live.inFlight].every((count) => count === 0)).toBe(true);
  });

  test('a fence holds here too: nobody is sent where nobody may be served', async () => {
    const origin = await startOrigin('origin');
    const fenced = yamlOf(origin.port, 'redirect').replace(
      '    hsts: on',
      '    fence: { when: { countries: [US] }, only: { clouds: [azure] }, otherwise: 451 }',
    );
    const rig = await startRig(accelerator === 'on' ? fenced : withoutWire(fenced));
    expect((await from(rig.port, '8.8.8.8')).headers['location']).toMatch(/^https:\/\/jp\.example\//);
    rig.table.live.drained[rig.row('azure')] = 1;
    expect((await from(rig.port, '8.8.8.8')).status).toBe(451);
  });

  test('one that is down or drained is nobody’s, and with nobody left it is a 503', async () => {
    const { rig } = await stage('permanent-redirect');
    const drain = (cloud: string) => {
      rig.table.live.drained[rig.row(cloud)] = 1;
    };
    drain('aws');
    expect(await from(rig.port, '8.8.8.8')).toMatchObject({ status: 308 });
    expect((await from(rig.port, '8.8.8.8')).headers['location']).not.toMatch(/us\.example/);
    for (const cloud of ['gcp', 'azure']) drain(cloud);
    const none = await from(rig.port, '8.8.8.8');
    expect([none.status, none.headers['retry-after'] !== undefined]).toEqual([503, true]);
    expect(none.headers['proxy-status']).toMatch(/error=destination_unavailable/);
  });
});
