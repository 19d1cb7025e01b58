import { expect, test } from 'vitest';
import { namedAuthorities, namedPairs, originTlsOf } from '../../../src/config/origin-tls.ts';
import { topologyOf } from '../../support/topology.ts';

const { services } = topologyOf(`version: 1
services:
  plain: { match: { prefix: /plain }, endpoints: [{ cloud: aws, region: us-east-1, url: "https://p" }] }
  shop:
    tls: { ca: shop.pem, cert: shop.crt, key: shop.key, server_name: shop.internal }
    endpoints:
      - { cloud: aws, region: us-east-1, url: "https://a" }
      - { cloud: gcp, region: europe-west1, url: "https://g", tls: { ca: g.pem, server_name: g.internal } }
      - { cloud: azure, region: japaneast, url: "https://z", tls: { cert: z.crt, key: z.key, insecure: true } }
`);

test('each file is named once, where it is written, under the name of who says it', () => {
  expect(namedAuthorities({ services })).toEqual([
    { holder: 'shop', at: ['services', 'shop', 'tls', 'ca'], file: 'shop.pem' },
    { holder: 'shop/gcp/europe-west1/g:443', at: ['services', 'shop', 'endpoints', 1, 'tls', 'ca'], file: 'g.pem' },
  ]);
  expect(namedPairs({ services })).toEqual([
    { holder: 'shop', files: { at: ['services', 'shop', 'tls'], cert: 'shop.crt', key: 'shop.key' } },
    {
      holder: 'shop/azure/japaneast/z:443',
      files: { at: ['services', 'shop', 'endpoints', 2, 'tls'], cert: 'z.crt', key: 'z.key' },
    },
  ]);
});

test('an endpoint goes by what it says, and else by what its service says', () => {
  const shop = services.find(({ name }) => name === 'shop');
  if (shop === undefined) throw new Error('no service');
  const seen = shop.endpoints.map((endpoint) => originTlsOf(shop, endpoint));
  expect(seen.map(({ serverName, caOf, clientOf, insecure }) => [serverName, caOf, clientOf, insecure])).toEqual([
    ['shop.internal', 'shop', 'shop', false],
    ['g.internal', 'shop/gcp/europe-west1/g:443', 'shop', false],
    ['shop.internal', 'shop', 'shop/azure/japaneast/z:443', true],
  ]);
});
