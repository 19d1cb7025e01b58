import { expect, test } from 'vitest';
import { problemsOf } from './parse-text.ts';

const at = (n: number, more = '') => `{ cloud: aws, region: us-east-1, url: "http://10.0.0.${n}"${more} }`;
const file = (mirror: string, more = '', shop = `endpoints: [${at(1)}]`): string => `version: 1
backends:
  shadow: { endpoints: [${at(2)}] }
services:
  shop: { mirror: ${mirror}, ${shop} }
${more}
`;

test.each<[string, string, string]>([
  [
    'to nobody',
    file('{ to: shadw }')
      .replace('shadow: {', 'shadow: {')
      .replace('services:', 'services:\n  x: { match: { hosts: [x] }, backend: shadow }'),
    'services.shop.mirror.to: names no backend and no service: "shadw"; did you mean "shadow"?',
  ],
  [
    'without a target',
    file('{ share: 1% }', '  x: { match: { hosts: [x] }, backend: shadow }'),
    'services.shop.mirror.to: is missing',
  ],
  [
    'to itself',
    file('{ to: shop }', '  x: { match: { hosts: [x] }, backend: shadow }'),
    'services.shop.mirror.to: is a mirror to itself',
  ],
  [
    'to its own backend',
    file('{ to: shadow }', '', 'backend: shadow'),
    'services.shop.mirror.to: is a mirror to itself: shadow has endpoints',
  ],
  [
    'to a service with the same backend',
    file('{ to: x }', '  x: { match: { hosts: [x] }, backend: shadow }', 'backend: shadow'),
    'services.shop.mirror.to: is a mirror to itself',
  ],
  [
    'to a service that only redirects',
    file(
      '{ to: x }',
      '  x: { match: { hosts: [x] }, redirect: { host: y } }\n  z: { match: { hosts: [z] }, backend: shadow }',
    ),
    'services.shop.mirror.to: names a service that sends its clients elsewhere',
  ],
  [
    'of a service that redirects',
    file('{ to: shadow }', '', `mode: redirect, endpoints: [${at(1, ', public_url: "https://a.example.com"')}]`),
    'services.shop.mirror: is for requests that are forwarded, and mode: redirect forwards none',
  ],
  ['of too large bodies', file('{ to: shadow, body: 2MiB }'), 'services.shop.mirror.body: must be'],
  ['of no methods', file('{ to: shadow, methods: [] }'), 'services.shop.mirror.methods: must have at least 1'],
  ['of more than all', file('{ to: shadow, share: 200% }'), 'services.shop.mirror.share: must be a share from 0 to 1'],
  [
    'of an unknown word',
    file('{ to: shadow, credentials: keep }'),
    'services.shop.mirror.credentials: must be strip or pass',
  ],
  [
    'of a slip',
    file('{ to: shadow, shares: 1% }'),
    'services.shop.mirror.shares: is no key of this block; did you mean "share"?',
  ],
])('%s: one line', (_, text, problem) => {
  const problems = problemsOf(text);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(problem);
});
