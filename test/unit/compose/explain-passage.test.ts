import { expect, test } from 'vitest';
import { askingHead, passageOf } from '../../../src/compose/explain-passage.ts';
import type { Service } from '../../../src/config/topology.ts';
import { topologyOf } from '../../support/topology.ts';

function passage(lines: string, target = '/api/a?b') {
  const endpoint = '{ cloud: aws, region: us-east-1, url: "http://10.0.0.1:8080/base" }';
  const yaml = `version: 1\nservices:\n  shop:\n    endpoints: [${endpoint}]\n    ${lines}\n`;
  const service = topologyOf(yaml).services[0] as Service;
  const head = askingHead({ protocol: 'http', host: 'shop.example', target }, '192.0.2.1');
  const client = { key: '', points: [], country: 'CH', precision: 'country' } as const;
  return passageOf(service, { head, rule: 1, client, chosen: service.endpoints[0] });
}

test('what a request becomes: target, Host, and what is set', () => {
  const lines =
    'host: upstream\n    path: { strip_prefix: /api }\n    headers: { request: { set: { X-A: "${client.country} ${cloud}" } } }';
  expect(passage(lines)).toEqual({
    url: 'http://shop.example/api/a?b',
    rule: 'match',
    asked: { target: '/base/a?b', host: '10.0.0.1:8080', set: ['X-A: CH aws'] },
  });
});

test('a redirect, a refusal, and a service that changes nothing but has several rules', () => {
  expect(passage('redirect: { scheme: https }').redirect).toBe('https://shop.example/api/a?b');
  expect(passage('hsts: on', '/../x')).toEqual({ url: 'http://shop.example/../x', rule: 'match', refused: true });
  expect(passage('match: [{ prefix: /a }, { prefix: /api }]')).toMatchObject({
    rule: 'match[1]',
    asked: { target: '/base/api/a?b', host: 'shop.example', set: [] },
  });
});
