import { expect, test } from 'vitest';
import { certificateEnds, certificatesLeft } from '../../../src/compose/certificate-ends.ts';
import { listed } from '../../../src/compose/pem-files.ts';
import { issue } from '../../support/x509.ts';

const DAY_MS = 86_400_000;

test('the end of each file is that of the first of its certificates', () => {
  const root = issue({ subject: 'root', ca: true, from: -1, to: 2 });
  const { cert, key } = issue({ subject: 'a.test', from: -1, to: 30, by: root });
  const ends = certificateEnds({
    listeners: { a: { certificates: [listed(`${cert}\n${root.cert}`, key)], clientCa: undefined } },
    authorities: { shop: root.cert },
    clientPairs: {},
    fleetAuthorities: {},
  });
  expect(ends.map(({ use, service }) => [use, service])).toEqual([
    ['edge.tls', ''],
    ['tls.ca', 'shop'],
  ]);
  for (const { endMs } of ends) expect(Math.abs(endMs - Date.now() - 2 * DAY_MS)).toBeLessThan(DAY_MS / 2);
});

test('without TLS there are none', () => {
  expect(certificateEnds({ listeners: {}, authorities: {}, clientPairs: {}, fleetAuthorities: {} })).toEqual([]);
});

test('of several with one name the first to end counts, with its own lifetime; of a chain, what ends first in it', () => {
  const root = issue({ subject: 'root', ca: true, from: -100, to: 300 });
  const of = (from: number, to: number) => issue({ subject: 'a.test', names: ['a.test'], from, to, by: root });
  const [later, sooner, brief] = [of(-10, 80), of(-4, 2), issue({ subject: 'brief', ca: true, from: -1, to: 1 })];
  const chained = issue({ subject: 'b.test', names: ['b.test'], from: -10, to: 80, by: brief });
  const left = certificatesLeft(
    {
      listeners: {
        one: { certificates: [listed(later.cert, later.key)], clientCa: undefined },
        two: {
          certificates: [listed(sooner.cert, sooner.key), listed(`${chained.cert}\n${brief.cert}`, chained.key)],
          clientCa: undefined,
        },
      },
      authorities: {},
      clientPairs: {},
      fleetAuthorities: {},
    },
    Date.now(),
  );
  const days = left.map(({ name, leftMs, lifetimeMs }) => [
    name,
    Math.round(leftMs / DAY_MS),
    Math.round(lifetimeMs / DAY_MS),
  ]);
  expect(days).toEqual([
    ['a.test', 2, 6],
    ['b.test', 1, 2],
  ]);
});
