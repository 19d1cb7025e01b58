import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SERVICES, topologyOf } from './parse-text.ts';

const listeners = (text: string) => topologyOf(`version: 1\nedge: ${text}\n${SERVICES}`).edge.listeners;
const LEAST = 'domains: [Shop.example.com], agree_to_terms: true';

test("the least that is written comes to Let's Encrypt, by way of TLS alone where no listener is plain", () => {
  const [one] = listeners(`{ tls: { acme: { ${LEAST} } } }`);
  const file = expect.stringMatching(
    /^\/var\/lib\/meridian\/acme\/acme-v02\..*\/shop\.example\.com\.ecdsa\.pem$/,
  ) as unknown;
  expect(one?.tls?.acme).toEqual({
    at: ['edge', 'tls', 'acme'],
    domains: ['shop.example.com'],
    email: undefined,
    directory: 'https://acme-v02.api.letsencrypt.org/directory',
    directoryCa: undefined,
    externalAccount: undefined,
    keyType: 'ecdsa',
    challenges: ['tls-alpn-01'],
    folder: '/var/lib/meridian/acme',
    fleetSecret: undefined,
  });
  expect(one?.tls?.certificates).toEqual([
    { at: ['edge', 'tls', 'acme', 'domains', 0], cert: file, key: file, obtained: true },
  ]);
});

test('every key goes where the topology wants it', () => {
  const acme = `{ ${LEAST}, email: ops@example.com, directory: "https://ca.internal:9000/acme/dir", directory_ca: ca.pem, key_type: rsa, folder: keep, external_account: { key_id: k, secret: AAECAwQFBgcICQoLDA0ODw } }`;
  const [, secure] = listeners(
    `{ listeners: [{ listen: ":80" }, { listen: ":443", tls: { cert: c, key: k, acme: ${acme} } }] }`,
  );
  expect(secure?.tls?.acme).toMatchObject({
    email: 'ops@example.com',
    directory: 'https://ca.internal:9000/acme/dir',
    directoryCa: 'ca.pem',
    keyType: 'rsa',
    folder: 'keep',
    challenges: ['http-01', 'tls-alpn-01'],
    externalAccount: { keyId: 'k', secret: 'AAECAwQFBgcICQoLDA0ODw' },
  });
  expect(secure?.tls?.certificates.map(({ obtained }) => obtained)).toEqual([undefined, true]);
});

test('the files of the page are right as they stand', () => {
  const page = readFileSync(new URL('../../../docs/acme.md', import.meta.url), 'utf8');
  const blocks = [...page.matchAll(/^```yaml\n([^]*?)^```/gm)].map(([, yaml = '']) => yaml);
  const env = { ACME_SECRET: 's'.repeat(32), ACME_KEY_ID: 'k' };
  const [whole, part] = [
    blocks.filter((one) => one.startsWith('version: 1')),
    blocks.filter((one) => one.startsWith('#')),
  ];
  expect([whole.length, part.length]).toEqual([2, 1]);
  for (const yaml of whole) expect(topologyOf(yaml, env).edge.listeners.at(-1)?.tls?.acme).toBeDefined();
  const indented = (part[0] ?? '')
    .replace('${file:/run/secrets/acme-key}', 'AAECAwQFBgcICQoLDA0ODw')
    .replaceAll(/^/gm, '    ');
  const file = `version: 1\nedge:\n  listeners:\n${indented}\n${SERVICES}`;
  expect(topologyOf(file, env).edge.listeners[0]?.tls?.acme?.externalAccount?.keyId).toBe('k');
});
