import { expect, test } from 'vitest';
import { healthPathFaults, matchFaults } from '../../../src/config/rules-match.ts';
import { MATCH_FLAGS_MAX } from '../../../src/config/schema-match.ts';

const faults = (...matches: readonly unknown[]) =>
  matchFaults({ services: Object.fromEntries(matches.map((match, index) => [`s${index}`, { match }])) }).map(
    ({ path, message }) => `${path.join('.')} ${message}`,
  );

test.each([
  [[undefined, { hosts: ['a.example'] }]],
  [[{ hosts: ['a.example'] }, { hosts: ['a.example'], prefix: '/api' }]],
  [[{ hosts: ['a.example'] }, { hosts: ['*.a.example'] }]],
  [[{ prefix: '/a' }, { prefix: '/b' }]],
  [[{ hosts: ['a.example', 'a.example'] }]],
  [[{ hosts: [5] }, { hosts: [5] }]],
])('%j belong apart', (matches) => {
  expect(faults(...matches)).toEqual([]);
});

test.each([
  [[undefined, {}], 'services.s1.match takes every request, which services.s0 takes already'],
  [
    [{ prefix: '/a' }, { prefix: '/a' }],
    'services.s1.match takes every request under /a, which services.s0 takes already',
  ],
  [[{ hosts: ['a.example'] }, { hosts: ['b.example', 'A.example'] }], 'services.s1.match.hosts.1 takes a.example/'],
  [[{ hosts: [], prefix: '/' }, undefined], 'services.s1 takes every request'],
])('%j do not', (matches, message) => {
  expect(faults(...matches)).toEqual([expect.stringContaining(message)]);
});

test('a service that is no mapping has a fault of its own and takes nothing', () => {
  expect(matchFaults({ services: { a: 5, b: {}, c: null } })).toEqual([]);
});

test.each([
  [
    '/up',
    ['services.b.match.prefix is edge.health_path too, which the edge answers itself; give one of them another path'],
  ],
  ['/up/x', []],
  ['/', []],
  [undefined, []],
])('edge.health_path beside a service under %s', (prefix, expected) => {
  const root = { edge: { health_path: '/up' }, services: { a: {}, b: { match: { prefix } } } };
  expect(healthPathFaults(root).map(({ path, message }) => `${path.join('.')} ${message}`)).toEqual(expected);
  expect(healthPathFaults({ services: root.services })).toEqual([]);
});

test.each([
  [[[{ headers: { 'X-A': '1' } }], undefined]],
  [[undefined, [{ headers: { 'X-A': '1' } }, { headers: { 'X-A': '2' } }]]],
  [[[{ methods: ['GET'] }], [{ methods: ['GET', 'POST'] }]]],
  [[[{ methods: ['GET'], headers: { A: '1' } }], [{ methods: ['GET'] }]]],
  [[[{ path: '/a', prefixes: ['/a', '/b'] }], undefined]],
  [[[{ countries: ['CH'] }], [{ countries: ['DE'] }]]],
  [[[{ cidrs: ['10.0.0.0/8'] }], [{ cidrs: ['192.168.0.0/16'] }]]],
  [[[{ client_certificate: true }], [{ client_certificate: false }]]],
  [[[{ flag: 'beta-on' }], undefined]],
  [[[{ flag: 'a' }], [{ flag: 'b' }]]],
  [[[{ flag: 'a', methods: ['GET'] }], [{ flag: 'a' }]]],
])('%j have their turns', (matches) => {
  expect(faults(...matches)).toEqual([]);
});

test.each([
  [
    [[{ headers: { 'X-A': { present: true } } }], [{ headers: { 'x-a': '1' } }]],
    'services.s1.match.0 can never match any request: services.s0.match[0] comes before it and takes all of that; ask for more than it does, or remove this rule',
  ],
  [[[{ methods: ['GET', 'POST'] }], [{ methods: ['GET'] }]], 'services.s1.match.0 can never match any request'],
  [
    [[{ path: '/a', query: { a: { prefix: 'x' } } }], [{ path: '/a', query: { a: 'xy' } }]],
    'any request of exactly /a',
  ],
  [
    [[{ methods: ['GET'] }, { methods: ['GET'], hosts: ['a.example'] }, { methods: ['GET'] }]],
    'services.s0.match.2 can never match any request: services.s0.match[0] comes before it',
  ],
  [
    [[{ hosts: ['a.example'], client_certificate: true }], { hosts: ['a.example'], client_certificate: true }],
    'services.s1.match.hosts.0 can never match a.example/: services.s0.match[0] comes before it',
  ],
])('%j: one never has', (matches, message) => {
  expect(faults(...matches)).toEqual([expect.stringContaining(message)]);
});

test('a flag that another service asks for alone is taken by that', () => {
  expect(faults([{ flag: 'beta' }], [{ flag: 'flags/beta' }])).toEqual([
    expect.stringContaining('services.s1.match.0 can never match any request: services.s0.match[0] comes before it'),
  ]);
});

test('rules of one file go by so many flags', () => {
  const rules = Array.from({ length: MATCH_FLAGS_MAX }, (_, i) => ({ flag: `f${i}` }));
  const lists = [0, 64, 128, 192].map((from) => rules.slice(from, from + 64));
  expect(faults(...lists, [{ flag: 'f0', methods: ['GET'] }])).toEqual([]);
  expect(faults(...lists, [{ flag: 'more' }])).toEqual([
    expect.stringContaining('services.s4.match.0.flag is one flag more than the 256'),
  ]);
});
