import { expect, test } from 'vitest';
import { certificateEnds } from '../../../src/compose/certificate-ends.ts';
import { listed } from '../../../src/compose/pem-files.ts';
import { makeCertificates } from '../../support/certificates.ts';

const DAY_MS = 86_400_000;

test('the end of each file is that of the first of its certificates', () => {
  const { ca, cert, key } = makeCertificates();
  const ends = certificateEnds({
    listeners: { a: { certificates: [listed(`${cert}\n${ca}`, key)], clientCa: undefined } },
    authorities: { shop: ca },
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
