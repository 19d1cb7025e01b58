import { expect, test } from 'vitest';
import type { MatchConditions } from '../../../../src/config/topology-match.ts';
import { Peer, type RequestHead } from '../../../../src/edge/message/request-head.ts';
import { type Asking, Conditions } from '../../../../src/edge/request/match-conditions.ts';
import { headOf } from '../../../support/request.ts';

const NOTHING: MatchConditions = {
  flag: undefined,
  certificate: undefined,
  cidrs: [],
  countries: [],
  methods: [],
  headers: [],
  query: [],
};
const SHOWN = { subject: 'CN=robot,O=Acme', fingerprint: 'ab'.repeat(32), der: '', chain: [] };

function holds(asked: Partial<MatchConditions>, head: Partial<RequestHead> = {}, at: Partial<Asking> = {}): boolean {
  const nobody = () => {
    throw new Error('nobody asked for that');
  };
  return new Conditions({ ...NOTHING, ...asked }).hold({ head: headOf(head), address: nobody, country: nobody, ...at });
}

test('who the client is and where is not looked up for what does not ask for it', () => {
  expect(holds({})).toBe(true);
  expect(holds({ methods: ['POST'], cidrs: ['0.0.0.0/0'], countries: ['CH'] })).toBe(false);
  expect(() => holds({ countries: ['CH'] })).toThrow('nobody asked');
});

test('a flag is read at each request; one that has no cell is off', () => {
  const cells = new Uint8Array([1, 0]);
  const rule = new Conditions({ ...NOTHING, flag: 'flags/b' }, { cells, placed: { 'flags/a': 0, 'flags/b': 1 } });
  const asking = { head: headOf({}), address: () => '', country: () => '' };
  const held = [0, 1, 0].map((value) => {
    cells[1] = value;
    return rule.hold(asking);
  });
  expect(held).toEqual([false, true, false]);
  for (const flags of [undefined, { cells, placed: {} }, { cells, placed: { 'flags/b': 7 } }]) {
    expect(new Conditions({ ...NOTHING, flag: 'flags/b' }, flags).hold(asking)).toBe(false);
  }
});

test('a country that is not known is none', () => {
  const inCountry = (country: string) => holds({ countries: ['CH', 'DE'] }, {}, { country: () => country });
  expect(['CH', 'DE', 'FR', ''].map(inCountry)).toEqual([true, true, false, false]);
});

test.each([
  ['192.0.2.1', true],
  ['192.0.3.1', false],
  ['::1', true],
  ['fe80::1%eth0', true],
  ['unknown', false],
  ['', false],
])('networks: %s is in them: %s', (address, expected) => {
  expect(holds({ cidrs: ['192.0.2.0/24', '::1', 'fe80::/10'] }, {}, { address: () => address })).toBe(expected);
});

test('certificates: one or none, by subject, by fingerprint', () => {
  const shown = { peer: new Peer('TLSv1.3', SHOWN) };
  const any = { shown: true, subject: undefined, fingerprints: [] };
  expect([holds({ certificate: any }, shown), holds({ certificate: any })]).toEqual([true, false]);
  const none = { ...any, shown: false };
  expect([holds({ certificate: none }, shown), holds({ certificate: none })]).toEqual([false, true]);
  const named = (text: string) => holds({ certificate: { ...any, subject: { is: 'prefix', text } } }, shown);
  expect([named('CN=robot,'), named('CN=robo,')]).toEqual([true, false]);
  const printed = (fingerprint: string) => holds({ certificate: { ...any, fingerprints: [fingerprint] } }, shown);
  expect([printed('ab'.repeat(32)), printed('cd'.repeat(32))]).toEqual([true, false]);
});

test('parameters are compared decoded, and one of several is enough', () => {
  const asked = { query: [{ name: 'a b', test: { is: 'exact', text: 'ü' } as const }] };
  expect(['/?a+b=%C3%BC', '/?a%20b=x&a+b=ü', '/?a+b', '/', '/?c#'].map((target) => holds(asked, { target }))).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
  const absent = { query: [{ name: 'a', test: { is: 'absent' } as const }] };
  expect([holds(absent, { target: '/?b' }), holds(absent, { target: '/?a' })]).toEqual([true, false]);
});
