import { expect, test } from 'vitest';
import { topologyOf } from './parse-text.ts';

const ENDPOINT = '{ cloud: aws, region: us-east-1, url: "https://10.0.0.1:8443" }';
const OTHER = '{ cloud: gcp, region: europe-west1, url: https://app.example, host: named.example }';
const built = (lines: string, env = {}) =>
  topologyOf(`version: 1\nservices:\n  web:\n    endpoints: [${ENDPOINT}, ${OTHER}]\n    ${lines}\n`, env).services[0];

test('a service that says nothing of messages has no rules, and endpoints get the client’s Host', () => {
  const service = built('');
  expect(service?.rules).toBeUndefined();
  expect(service?.endpoints.map(({ host }) => host)).toEqual([undefined, 'named.example']);
});

test.each([
  ['upstream', ['10.0.0.1:8443', 'named.example']],
  ['client', [undefined, 'named.example']],
  ['other.example', ['other.example', 'named.example']],
])('host: %s', (host, expected) => {
  expect(built(`host: ${host}`)?.endpoints.map((endpoint) => endpoint.host)).toEqual(expected);
});

test('rules as the request path wants them', () => {
  const lines = [
    'headers:',
    '      request: { set: { X-A: "${client.address}" }, remove: [X-B] }',
    '    path: { replace: { /: /all }, add_prefix: /v2 }',
    '    redirect: { scheme: https }',
    '    hsts: on',
    '    alt_svc: clear',
  ].join('\n');
  expect(built(lines)?.rules).toEqual({
    request: { remove: ['x-b'], set: [{ name: 'X-A', value: [{ of: 'client.address' }] }], add: [] },
    response: undefined,
    path: { stripPrefix: '', replace: [['', '/all']], addPrefix: '/v2', set: '' },
    hsts: 'max-age=31536000',
    altSvc: 'clear',
    redirect: { status: 308, scheme: 'https', host: undefined, path: undefined },
  });
  expect(built('hsts: off')?.rules).toBeUndefined();
});

test('variables are put in beside the values of messages, and only there a name in braces is such a value', () => {
  const set = built('headers: { request: { set: { X-A: "${NAME}-${cloud}" } } }', { NAME: 'n', cloud: 'not this' });
  expect(set?.rules?.request?.set).toEqual([{ name: 'X-A', value: ['n-', { of: 'cloud' }] }]);
  expect(built('host: "${cloud}"', { cloud: 'a.example' })?.endpoints[0]?.host).toBe('a.example');
});
