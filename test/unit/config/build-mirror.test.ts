import { expect, test } from 'vitest';
import { topologyOf } from './parse-text.ts';

const at = (n: number, more = '') => `{ cloud: aws, region: us-east-1, url: "http://10.0.0.${n}"${more} }`;
const file = (mirror: string, more = '', shop = `endpoints: [${at(1)}]`): string => `version: 1
backends:
  shadow: { endpoints: [${at(2)}] }
services:
  shop: { mirror: ${mirror}, ${shop} }
${more}
`;

test('a mirror has its defaults, and a backend that only a mirror uses is used', () => {
  expect(topologyOf(file('{ to: shadow }')).services[0]?.mirror).toEqual({
    to: 'shadow',
    share: 0.01,
    methods: ['GET', 'HEAD', 'OPTIONS'],
    bodyBytesMax: 65_536,
    concurrentMax: 64,
    timeoutMs: 5000,
    passesCredentials: false,
  });
  const [shop] = topologyOf(
    file('{ to: shadow, methods: [POST], share: 0.5, credentials: pass, body: 1KiB }'),
  ).services;
  expect(shop?.mirror).toMatchObject({ methods: ['POST'], share: 0.5, passesCredentials: true, bodyBytesMax: 1024 });
  const [, other] = topologyOf(
    `version: 1\nservices: { a: { match: { hosts: [a] }, mirror: { to: b }, endpoints: [${at(1)}] }, b: { endpoints: [${at(2)}] } }`,
  ).services;
  expect(other && 'mirror' in other).toBe(false);
});
