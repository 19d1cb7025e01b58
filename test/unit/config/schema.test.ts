import { expect, test } from 'vitest';
import { problemsOf, problemsWith, SERVICES, topologyOf } from './parse-text.ts';

const shop = (lines: string) => problemsOf(`version: 1\nservices:\n  shop:\n${lines}`);

test.each([
  ['', '1:1 version: is missing; it must be 1'],
  ['version: 2\n', '1:10 version: must be 1; it is the number 2; write "version: 1"'],
  ['version: "1"\n', '1:10 version: must be 1; it is "1"; write "version: 1"'],
])('a file that begins %j', (start, problem) => {
  expect(problemsOf(`${start}${SERVICES}`)).toEqual([problem]);
});

test.each([
  ['version: 1\n', '1:1 services: is missing; it must be a mapping of names'],
  ['version: 1\nservices: {}\n', '2:1 services: has no service; add at least one'],
  ['version: 1\nservices: []\n', '2:1 services: must be a mapping of names'],
  ['- version: 1\n', '1:1 : must be a mapping of settings, one "key: value" a line; it is a list'],
])('%j has no services', (text, problem) => {
  expect(problemsOf(text)).toContainEqual(expect.stringContaining(problem));
});

test.each([
  ['    endpoints: []\n', '4:5 services.shop.endpoints: is an empty list'],
  ['    match: {}\n', '3:3 services.shop.endpoints: is missing; it must be a list of endpoints'],
  ['    endpoints: [{}]\n', '4:17 services.shop.endpoints[0].cloud: is missing; it must be aws, gcp or azure'],
  ['    tls: { ca: "" }\n', '4:16 services.shop.tls.ca: must be the path of a PEM file; it is ""'],
  ['    tls: { server_name: "a b" }\n', '4:25 services.shop.tls.server_name: must be a host name'],
  ['    match: { prefix: api }\n', '4:22 services.shop.match.prefix: must be a path that begins with "/"'],
  ['    match: { host: x }\n', '4:14 services.shop.match.host: is no key of this block; did you mean "hosts"?'],
  ['    timeout: 5s\n', '4:5 services.shop.timeout: is no key of this block; it belongs into health'],
])('a service with %j', (lines, problem) => {
  expect(shop(lines)).toContainEqual(expect.stringContaining(problem));
});

test('a service has a plain name', () => {
  const text = 'version: 1\nservices:\n  "a b":\n    endpoints: [{ cloud: aws, region: us-east-1, url: http://h }]\n';
  expect(problemsOf(text)).toEqual([
    '3:3 services["a b"]: is no name: it must be letters, digits, ".", "_" and "-", at most 63; it is "a b"',
  ]);
});

test('unknown blocks are refused with what was meant', () => {
  expect(problemsWith('rooting: {}')).toEqual(['2:1 rooting: is no key of this block; did you mean "routing"?']);
});

test('hosts and server names are compared in lower case', () => {
  const [service] = topologyOf(
    'version: 1\nservices:\n  a:\n    match: { hosts: [A.Example] }\n    tls: { server_name: B.Example }\n    endpoints: [{ cloud: aws, region: us-east-1, url: https://h }]\n',
  ).services;
  expect(service?.match).toEqual([{ hosts: ['a.example'], prefixes: ['/'], paths: [], conditions: undefined }]);
  expect(service?.tls).toMatchObject({ ca: undefined, serverName: 'b.example' });
});
