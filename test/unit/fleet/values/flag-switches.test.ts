import { expect, test } from 'vitest';
import type { Topology } from '../../../../src/config/topology.ts';
import { FlagSwitches } from '../../../../src/fleet/values/flag-switches.ts';
import type { Event } from '../../../../src/table/event.ts';
import { topologyOf } from '../../../support/topology.ts';

const YAML = `version: 1
services:
  shop:
    endpoints:
      - { cloud: aws, region: us-east-1, url: "http://10.0.0.1:1", unless: freeze }
      - { cloud: gcp, region: europe-west1, url: "http://10.0.0.2:1" }
  blog:
    match:
      - { hosts: [blog.example.com] }
      - { hosts: [blog.example.org], flag: beta-on }
    endpoints:
      - { cloud: gcp, region: europe-west1, url: "http://10.0.0.3:1", unless: flags/freeze }
`;

function switches() {
  const on = new Set<string>();
  let change: (key: string) => void = () => {};
  const events: Event[] = [];
  const heard: (readonly string[])[] = [];
  const topology: Topology = topologyOf(YAML);
  const flags = new FlagSwitches({
    values: { isOn: (key) => on.has(key), onChange: (listener) => void (change = listener) },
    topology: () => topology,
    emit: (event) => events.push(event),
  });
  flags.onSwitch(({ endpoints }) => heard.push(endpoints.map(({ service }) => service)));
  const set = (key: string, is: boolean) => {
    if (is) on.add(key);
    else on.delete(key);
    change(key);
  };
  return { flags, topology, events, heard, set };
}

test('who goes by a flag hears that it is switched, once for each switch', () => {
  const { events, heard, set } = switches();
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
    { type: 'flag-switched', flag: 'flags/freeze', on: true, endpoints: 2, rules: 0 },
    { type: 'flag-switched', flag: 'flags/freeze', on: false, endpoints: 2, rules: 0 },
  ]);
});

test('a rule of match goes by one, too', () => {
  const { events, heard, set } = switches();
  set('flags/beta-on', true);
  expect(heard).toEqual([[]]);
  expect(events).toEqual([{ type: 'flag-switched', flag: 'flags/beta-on', on: true, endpoints: 0, rules: 1 }]);
});

test('a flag that is on when a file comes into force which names it is heard when it goes off', () => {
  const { flags, topology, events, heard, set } = switches();
  flags.follow({ ...topology, services: [] });
  set('flags/freeze', true);
  set('flags/freeze', false);
  set('flags/freeze', true);
  expect(heard).toHaveLength(3);
  flags.follow({ ...topology, services: [] });
  flags.follow(topology);
  events.length = 0;
  set('flags/freeze', false);
  expect(heard).toHaveLength(4);
  expect(events).toEqual([{ type: 'flag-switched', flag: 'flags/freeze', on: false, endpoints: 2, rules: 0 }]);
});
