import { expect, test } from 'vitest';
import { problemsOf } from './parse-text.ts';

const ENDPOINT = '{ cloud: aws, region: us-east-1, url: http://10.0.0.1:8080 }';
const problems = (match: string) =>
  problemsOf(`version: 1\nservices:\n  web:\n    endpoints: [${ENDPOINT}]\n    match: ${match}\n`);

test.each([
  '{}',
  '[{ hosts: [a.example] }, { path: [/a, /b], prefixes: [/c] }]',
  '{ headers: { X-A: "", X-B: { exact: "1" }, X-C: { prefix: v }, X-D: { present: false } } }',
  '{ query: { "a b": "ü" }, countries: [CH, "NO"], cidrs: [10.0.0.1, "::/0"], methods: [GET, M-SEARCH] }',
  '{ client_certificate: false }',
  `{ client_certificate: { subject: CN=a, fingerprints: ["${'AB:'.repeat(31)}AB"] } }`,
])('%s is good', (match) => {
  expect(problems(match)).toEqual([]);
});

test.each([
  ['[]', 'services.web.match: is an empty list'],
  ['5', 'services.web.match: must be a mapping of settings'],
  ['[{ hosts: [a] }, { host: b }]', '5:31 services.web.match[1].host: is no key of this block; did you mean "hosts"?'],
  ['{ host: b }', '5:14 services.web.match.host: is no key of this block; did you mean "hosts"?'],
  ['[5]', 'services.web.match[0]: must be'],
  ['[{ prefix: a }]', '5:23 services.web.match[0].prefix: must be a path that begins with "/"'],
  ['{ methods: [get] }', 'must be a method in capital letters'],
  ['{ methods: [] }', 'must have at least 1'],
  ['{ headers: { X-A: 1 } }', 'put it in quotes'],
  ['{ headers: { X-A: { is: b } } }', 'must be a text that it must be, or one of { present: true }'],
  ['{ headers: { X-A: { present: true, prefix: b } } }', 'must be a text that it must be'],
  ['{ headers: { "X A": b } }', 'is no name: it must be the name of a header field'],
  [
    '{ countries: [UK] }',
    'services.web.match.countries[0]: must be a country by its ISO 3166-1 code such as DE; it is "UK"; did you mean "GB"?',
  ],
  ['{ cidrs: [10.0.0.0/33] }', 'after the slash of 10.0.0.0 goes a number from 0 to 32'],
  ['{ client_certificate: { name: a } }', 'it has the key "name"'],
  [
    '{ client_certificate: { fingerprints: [ab] } }',
    'services.web.match.client_certificate.fingerprints[0]: must be the SHA-256',
  ],
])('%s is not', (match, message) => {
  expect(problems(match)).toEqual([expect.stringContaining(message)]);
});
