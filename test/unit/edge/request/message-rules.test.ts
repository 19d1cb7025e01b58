import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Endpoint, Service } from '../../../../src/config/topology.ts';
import { listOf } from '../../../../src/edge/message/answer-head.ts';
import { upstreamRequestHeaders } from '../../../../src/edge/message/headers.ts';
import { linesOf } from '../../../../src/edge/message/lines.ts';
import { type MessageRules, messageRules, type Ruled } from '../../../../src/edge/request/message-rules.ts';
import { headOf } from '../../../support/request.ts';
import { topologyOf } from '../../../support/topology.ts';

const ENDPOINT = '{ cloud: aws, region: us-east-1, url: "http://10.0.0.1:8080" }';
const serviceOf = (lines: string, endpoint = ENDPOINT): Service =>
  topologyOf(`version: 1\nservices:\n  shop:\n    endpoints: [${endpoint}]\n    ${lines}\n`).services[0] as Service;
const rulesOf = (lines: string, endpoint?: string) => messageRules(serviceOf(lines, endpoint)) as MessageRules;
const endpointOf = (lines: string) => serviceOf(lines).endpoints[0] as Endpoint;

function ruled(head: Parameters<typeof headOf>[0] = {}, more: Partial<Ruled> = {}): Ruled {
  const made = headOf(head);
  return {
    head: made,
    target: made.target,
    requestId: 'id-1',
    clientAddress: '192.0.2.7',
    trustedPeer: false,
    whereabouts: { country: 'CH', precision: 'country' },
    view: { service: { name: 'shop' } },
    ...more,
  };
}

test('a service that says nothing has no rules, and one whose endpoint has a path or a name of its own has', () => {
  expect(messageRules(serviceOf(''))).toBeUndefined();
  expect(messageRules(serviceOf('hsts: off'))).toBeUndefined();
  expect(messageRules(serviceOf('host: upstream'))).toBeDefined();
  expect(messageRules(serviceOf('', ENDPOINT.replace('8080', '8080/base')))).toBeDefined();
});

test('whatever a client sends, its request has one request line, one Host and the lines that the rules say', () => {
  const lines =
    'headers: { request: { set: { X-A: "${client.address}" }, add: { X-B: b }, remove: [X-C] } }\n    host: upstream\n    path: { add_prefix: /v2 }';
  const rules = rulesOf(lines);
  const name = fc.constantFrom('X-A', 'x-a', 'X-B', 'X-C', 'x-C', 'X-D', 'Accept');
  const value = fc.stringMatching(/^[!-~]{0,6}$/);
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value), { maxLength: 6 }), fc.webPath({ size: 'small' }), (fields, path) => {
      const exchange = ruled({ headers: fields.flat(), target: path === '' ? '/' : path, host: 'shop.example' });
      const target = rules.target(exchange.head.target);
      if (target === undefined) return;
      const forwarding = { trustedPeer: false, requestId: 'id-1', traceparent: 't', pseudonym: 'p' };
      const text = `GET ${exchange.head.target} HTTP/1.1\r\n${linesOf(upstreamRequestHeaders(exchange.head, forwarding, ''))}\r\n`;
      const made = rules.request(text, { ...exchange, target }, endpointOf(lines));
      const [line, ...rest] = made.split('\r\n');
      expect(line).toBe(`GET /v2${exchange.head.target} HTTP/1.1`);
      expect(rest.slice(-2)).toEqual(['', '']);
      const list = listOf(`${rest.slice(0, -2).join('\r\n')}\r\n`);
      const named = (wanted: string) => list.filter((_, i) => i % 2 === 1 && list[i - 1]?.toLowerCase() === wanted);
      expect(named('host')).toEqual(['10.0.0.1:8080']);
      expect(named('x-a')).toEqual(['192.0.2.7']);
      expect(named('x-b')).toEqual([...fields.filter(([one]) => one === 'X-B').map(([, said]) => said), 'b']);
      expect(named('x-c')).toEqual([]);
      expect(named('x-forwarded-host')).toEqual(['shop.example']);
      expect(named('accept')).toHaveLength(fields.filter(([one]) => one === 'Accept').length);
    }),
  );
});

test('values that say who asks are told apart in copies, an id is not', () => {
  const set = 'X-A: "${client.address}", X-B: "${request.id}", x-c: "${cloud}", X-D: "in ${client.country}"';
  expect(rulesOf(`headers: { request: { set: { ${set} } } }`).fieldsByClient).toEqual(['x-a', 'x-d']);
  expect(rulesOf('host: upstream').fieldsByClient).toEqual([]);
});

test('a country is told only where it is known', () => {
  const rules = rulesOf('headers: { request: { set: { X-Country: "${client.country}" } } }');
  const told = (precision: 'edge' | 'city') =>
    rules.requestLines('', ruled({}, { whereabouts: { country: 'US', precision } }), undefined);
  expect([told('city'), told('edge')]).toEqual(['X-Country: US\r\n', '']);
});

test('answers of this edge’s own keep what they say themselves', () => {
  const response =
    'set: { Cache-Control: public, Location: /x, X-A: "1", Retry-After: "9" }, add: { Content-Type: a/b, X-B: "${cloud}2" }';
  const rules = rulesOf(`headers: { response: { ${response} } }\n    hsts: on`);
  expect(rules.ownFields(ruled())).toEqual(['X-A', '1', 'X-B', '2']);
  expect(rules.ownFields(ruled({ protocol: 'https' }))).toEqual([
    'X-A',
    '1',
    'X-B',
    '2',
    'Strict-Transport-Security',
    'max-age=31536000',
  ]);
});

test('what is said over https alone: each of them by itself, and both', () => {
  const https = ruled({ protocol: 'https' });
  const theirs = 'Alt-Svc: h2="elsewhere:1"\r\n';
  const rules = rulesOf(`alt_svc: 'h3=":443"'`);
  expect(rules.changesAnswers).toBe(true);
  expect(rules.response(theirs, https, undefined)).toBe('Alt-Svc: h3=":443"\r\n');
  expect(rules.response(theirs, ruled(), undefined)).toBe(theirs);
  expect(rulesOf('hsts: on').response(theirs, https, undefined)).toContain(theirs);
  expect(rulesOf(`hsts: on\n    alt_svc: clear`).ownFields(https)).toEqual([
    'Strict-Transport-Security',
    'max-age=31536000',
    'Alt-Svc',
    'clear',
  ]);
});

test('the path of an endpoint’s url is kept from climbers and mapped back, without any rule', () => {
  const rules = rulesOf('', ENDPOINT.replace('8080', '8080/base'));
  const endpoint = {
    url: { protocol: 'http', host: '10.0.0.1', port: 8080, basePath: '/base' },
    host: undefined,
  } as const;
  expect([rules.target('/../x'), rules.target('/x/..'), rules.target('*')]).toEqual([undefined, '/x/..', '*']);
  const mapped = (value: string) => rules.answer(`Location: ${value}\r\n`, ruled({ host: 'shop.example' }), endpoint);
  expect(['/base/x', '/base', '/basement', '/x', 'http://shop.example/base/x?y'].map(mapped)).toEqual([
    'Location: /x\r\n',
    'Location: /\r\n',
    'Location: /basement\r\n',
    'Location: /x\r\n',
    'Location: http://shop.example/x?y\r\n',
  ]);
});

test.each([
  ['{ scheme: https }', {}, 'https://a.example/x?y'],
  ['{ scheme: https }', { protocol: 'https' }, undefined],
  ['{ scheme: https }', { host: 'a.example:80' }, 'https://a.example/x?y'],
  ['{ scheme: https }', { host: '[::1]:80' }, 'https://[::1]/x?y'],
  ['{ scheme: http }', { host: 'a.example:80' }, undefined],
  ['{ host: b.example }', { host: 'a.example:80', protocol: 'https' }, 'https://b.example/x?y'],
  ['{ host: A.Example }', {}, undefined],
  ['{ scheme: https }', { host: '' }, undefined],
  ['{ path: { add_prefix: /p } }', {}, 'http://a.example/p/x?y'],
  ['{ path: { set: /x } }', {}, undefined],
  ['{ scheme: https }', { target: '*' }, undefined],
] as const)('redirect: %s with %j leads to %s', (redirect, head, location) => {
  expect(rulesOf(`redirect: ${redirect}`).elsewhere(ruled({ host: 'a.example', target: '/x?y', ...head }))).toBe(
    location,
  );
});
