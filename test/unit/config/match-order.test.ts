import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareRoutes, covers, type MatchRoute } from '../../../src/config/match-order.ts';
import type { MatchConditions, TextTest } from '../../../src/config/topology-match.ts';
import { Peer } from '../../../src/edge/message/request-head.ts';
import { Conditions } from '../../../src/edge/request/match-conditions.ts';
import { headOf } from '../../support/request.ts';

const NOTHING: MatchConditions = {
  flag: undefined,
  certificate: undefined,
  cidrs: [],
  countries: [],
  methods: [],
  headers: [],
  query: [],
};
const way = (path: string, more: Partial<MatchConditions> = {}, exact = false): MatchRoute => ({
  path,
  exact,
  conditions: Object.keys(more).length === 0 ? undefined : { ...NOTHING, ...more },
});
const header = (name: string): MatchConditions['headers'][number] => ({ name, test: { is: 'present' } });

/** docs/matching.md has this order. */
test('the most specific first: path, flag, certificate, networks, countries, methods, headers, query, then the order of the file', () => {
  const order = [
    way('/a', {}, true),
    way('/a/b', { methods: ['GET'] }),
    way('/a/b'),
    way('/a', { flag: 'flags/a', countries: ['CH'] }),
    way('/a', { flag: 'flags/a' }),
    way('/a', { certificate: { shown: true, subject: undefined, fingerprints: [] } }),
    way('/a', { cidrs: ['::/0'], countries: ['CH'] }),
    way('/a', { cidrs: ['::/0'], headers: [header('a'), header('b')] }),
    way('/a', { countries: ['CH'], methods: ['GET'] }),
    way('/a', { countries: ['CH'] }),
    way('/a', { methods: ['GET'], headers: [header('a')] }),
    way('/a', { methods: ['GET'] }),
    way('/a', { headers: [header('a'), header('b')] }),
    way('/a', { headers: [header('a')], query: [header('x')] }),
    way('/a', { headers: [header('b')] }),
    way('/a', { query: [header('x'), header('y')] }),
    way('/a', { query: [header('x')] }),
    way('/a'),
    way('/'),
  ];
  expect(order.toReversed().toSorted(compareRoutes)).toEqual(order);
  expect(compareRoutes(way('/a', { headers: [header('a')] }), way('/a', { headers: [header('b')] }))).toBe(0);
});

const textTest: fc.Arbitrary<TextTest> = fc.oneof(
  fc.constantFrom<TextTest>({ is: 'present' }, { is: 'absent' }),
  fc.constantFrom('', 'a', 'ab').map((text): TextTest => ({ is: 'exact', text })),
  fc.constantFrom('a', 'ab').map((text): TextTest => ({ is: 'prefix', text })),
);
const named = fc.uniqueArray(fc.record({ name: fc.constantFrom('x', 'y'), test: textTest }), {
  maxLength: 2,
  selector: ({ name }) => name,
});
const some = (...words: string[]) => fc.uniqueArray(fc.constantFrom(...words), { maxLength: 2 });
const certificate = fc.record({ shown: fc.boolean(), subject: fc.constant(undefined), fingerprints: fc.constant([]) });
const conditions = fc.record({
  flag: fc.constantFrom(undefined, 'flags/a', 'flags/b'),
  certificate: fc.option(certificate, { nil: undefined }),
  cidrs: some('192.0.2.0/24', '0.0.0.0/0'),
  countries: some('CH', 'DE'),
  methods: some('GET', 'POST'),
  headers: named,
  query: named,
});
const request = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT'),
  address: fc.constantFrom('192.0.2.1', '198.51.100.1'),
  country: fc.constantFrom('CH', 'DE', ''),
  certified: fc.boolean(),
  cells: fc.uint8Array({ minLength: 2, maxLength: 2, max: 1 }),
  x: fc.constantFrom(undefined, '', 'a', 'ab', 'abc', 'b'),
});

test('what a rule is said to take from another one, it takes: wherever the other would hold, it holds', () => {
  fc.assert(
    fc.property(conditions, conditions, request, (a, b, { method, address, country, certified, x, cells }) => {
      if (!covers(a, b)) return;
      const headers = x === undefined ? [] : ['X', x];
      const shown = certified ? { subject: 'CN=a', fingerprint: '', der: '', chain: [] } : undefined;
      const head = headOf({ method, headers, target: x === undefined ? '/' : `/?x=${x}`, peer: new Peer('', shown) });
      const asking = { head, address: () => address, country: () => country };
      const flags = { cells, placed: { 'flags/a': 0, 'flags/b': 1 } };
      if (new Conditions(b, flags).hold(asking)) expect(new Conditions(a, flags).hold(asking)).toBe(true);
    }),
    { numRuns: 20_000 },
  );
});

test('nothing is asked: everything is covered, and nothing but itself covers it', () => {
  const some = { ...NOTHING, methods: ['GET'] };
  expect([covers(undefined, NOTHING), covers(undefined, undefined), covers(some, undefined)]).toEqual([
    true,
    true,
    false,
  ]);
});
