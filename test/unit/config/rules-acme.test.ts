import { expect, test } from 'vitest';
import { problemsWith } from './parse-text.ts';

const GOOD = 'domains: [a.example.com], agree_to_terms: true';
const edge = (acme: string, more = '') => problemsWith(`edge: { id: a, tls: { acme: { ${acme} } } }\n${more}`);
const SECRET = `secret: ${'s'.repeat(32)}`;
const FLEET = 'fleet: { store: redis, region: a, regions: { a: { url: "redis://127.0.0.1:6379" } } }';

test.each([
  [GOOD, ''],
  [`${GOOD}, challenges: [tls-alpn-01]`, ''],
  [`${GOOD}, store: fleet, ${SECRET}`, FLEET],
])('%s is right', (acme, more) => expect(edge(acme, more)).toEqual([]));

test('so is http-01 with a listener that has no TLS', () => {
  const acme = `{ ${GOOD}, challenges: [http-01] }`;
  expect(
    problemsWith(
      `edge: { listeners: [{ listen: ":80", redirect: https }, { listen: ":443", tls: { acme: ${acme} } }] }`,
    ),
  ).toEqual([]);
});

test.each([
  ['agree_to_terms: true', '', 'acme.domains: is missing'],
  ['domains: [], agree_to_terms: true', '', 'acme.domains: must have at least 1'],
  ['domains: [a.example.com, A.example.com], agree_to_terms: true', '', 'repeats'],
  [
    'domains: ["*.example.com"], agree_to_terms: true',
    '',
    'acme.domains[0]: must be a name such as shop.example.com; a wildcard takes the DNS-01',
  ],
  ['domains: [a.example.com]', '', 'acme.agree_to_terms: is not true; an authority issues to nobody'],
  ['domains: [a.example.com], agree_to_terms: false', '', 'acme.agree_to_terms: is not true'],
  [`${GOOD}, email: ops`, '', 'acme.email: must be an email address'],
  [
    `${GOOD}, challenges: [http-01]`,
    '',
    'acme.challenges: has http-01, which is asked on port 80, and no listener is without tls',
  ],
  [`${GOOD}, challenges: [dns-01]`, '', 'acme.challenges[0]: must be http-01 or tls-alpn-01'],
  [`${GOOD}, external_account: { key_id: k }`, '', 'external_account.secret: is missing'],
  [`${GOOD}, ${SECRET}`, '', 'acme.secret: is only for store: fleet'],
  [`${GOOD}, store: fleet`, FLEET, 'acme.secret: is missing; keys are in the store of the fleet only sealed'],
  [`${GOOD}, store: fleet, ${SECRET}`, '', 'acme.store: is fleet, and the file has no fleet'],
  [
    `${GOOD}, store: fleet, ${SECRET}`,
    'fleet: { store: memory }',
    'acme.store: is fleet, whose store is of this edge alone',
  ],
  [`${GOOD}, key_type: dsa`, '', 'acme.key_type: must be ecdsa or rsa'],
])('%s %s: %s', (acme, more, problem) => {
  expect(edge(acme, more).join('\n')).toContain(problem);
});

test('one account has one address', () => {
  const listener = (port: number, more: string) =>
    `{ listen: ":${port}", tls: { acme: { domains: [a${port}.example.com], agree_to_terms: true, ${more} } } }`;
  const two = (more: string) =>
    problemsWith(`edge: { listeners: [${listener(1, 'email: a@example.com')}, ${listener(2, more)}] }`);
  expect(two('email: a@example.com')).toEqual([]);
  expect(two('email: b@example.com, directory: "https://ca.internal/dir"')).toEqual([]);
  expect(two('email: b@example.com').join()).toContain(
    'listeners[1].tls.acme.email: is another than that of edge.listeners[0].tls.acme',
  );
});
