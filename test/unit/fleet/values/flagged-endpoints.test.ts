import { expect, test } from 'vitest';
import type { Topology } from '../../../../src/config/topology.ts';
import { FlaggedEndpoints } from '../../../../src/fleet/values/flagged-endpoints.ts';
import type { Event } from '../../../../src/table/event.ts';
import { topologyOf } from '../../../support/topology.ts';

const YAML = `version: 1
services:
  shop:
    endpoints:
      - { cloud: aws, region: us-east-1, url: "http://10.0.0.1:1", unless: freeze }
      - { cloud: gcp, region: europe-west1, url: "http://10.0.0.2:1" }
  blog:
    match: { hosts: [blog.example.com] }
    endpoints:
      - { cloud: gcp, region: europe-west1, url: "http://10.0.0.3:1", unless: flags/freeze }
`;

test('who goes by a flag hears that it is switched, once for each switch', () => {
  const on = new Set<string>();
  let change: (key: string) => void = () => {};
  const events: Event[] = [];
  const heard: (readonly string[])[] = [];
  const topology: Topology = topologyOf(YAML);
  const flags = new FlaggedEndpoints({
    values: { isOn: (key) => on.has(key), onChange: (listener) => void (change = listener) },
    topology: () => topology,
    emit: (event) => events.push(event),
  });
  flags.onSwitch((endpoints) => heard.push(endpoints.map(({ service }) => service)));
  const set = (key: string, is: boolean) => {
    if (is) on.add(key);
    else on.delete(key);
    change(key);
  };
  set('flags/other', true);
  set('flags/freeze', false);
  expect(heard).toEqual([]);
  set('flags/freeze', true);
  set('flags/freeze', true);
  set('flags/freeze', false);
  expect(heard).toEqual([
    ['shop', 'blog'],
    ['shop', 'blog'],
  ]);
  expect(events).toEqual([
    { type: 'flag-switched', flag: 'flags/freeze', on: true, endpoints: 2 },
    { type: 'flag-switched', flag: 'flags/freeze', on: false, endpoints: 2 },
  ]);
});
