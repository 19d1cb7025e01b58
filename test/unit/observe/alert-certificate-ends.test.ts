import { expect, test } from 'vitest';
import { buildAlerts } from '../../../src/config/build-alerts.ts';
import { certificateFindings } from '../../../src/observe/alert-certificate-ends.ts';

const { rules } = buildAlerts(undefined);
const DAY = 86_400_000;
const found = (leftMs: number, lifetimeMs = 90 * DAY) =>
  certificateFindings([{ name: 'shop.example.com', leftMs, lifetimeMs }], rules);

test.each([
  [21 * DAY, []],
  [21 * DAY - 1, ['warning']],
  [7 * DAY, ['warning']],
  [7 * DAY - 1, ['critical', 'warning']],
  [-DAY, ['critical', 'warning']],
])('with %d ms left: %j', (leftMs, severities) => {
  expect(found(leftMs).map(({ severity }) => severity)).toEqual(severities);
});

test('the graver one covers the other, and says how long is left', () => {
  const [critical, warning] = found(DAY);
  expect(critical).toMatchObject({
    labels: { certificate: 'shop.example.com' },
    coveredBy: [],
    name: 'MeridianCertificateEnds',
  });
  expect(critical?.summary).toBe('the certificate of shop.example.com ends in 24 hours');
  expect(warning?.coveredBy).toEqual([critical?.key]);
  expect(found(0)[0]?.summary).toBe('the certificate of shop.example.com has ended: clients refuse it');
});

test('the days are the file’s', () => {
  const mine = buildAlerts({ rules: { certificate_ends: { warning_before: 2 * DAY, critical_before: DAY } } }).rules;
  expect(certificateFindings([{ name: 'a', leftMs: 3 * DAY, lifetimeMs: 90 * DAY }], mine)).toEqual([]);
  expect(certificateFindings([{ name: 'a', leftMs: 1.5 * DAY, lifetimeMs: 90 * DAY }], mine)).toHaveLength(1);
});

test.each([
  // Six days, renewed with two left; 47 days, renewed with 15.7 left; a year by hand.
  [6, 2, []],
  [6, 1.6, []],
  [6, 1.4, ['warning']],
  [6, 0.4, ['critical', 'warning']],
  [47, 15.7, []],
  [47, 11, ['warning']],
  [47, 3, ['critical', 'warning']],
  [365, 22, []],
  [365, 20, ['warning']],
  [365, 6, ['critical', 'warning']],
])('of a lifetime of %d days, %d left: %j', (lifetime, left, severities) => {
  expect(found(left * DAY, lifetime * DAY).map(({ severity }) => severity)).toEqual(severities);
});

test('hours are said where days would say little', () => {
  expect(found(1.2 * DAY, 6 * DAY)[0]?.summary).toBe('the certificate of shop.example.com ends in 28 hours');
  expect(found(3_700_000, 6 * DAY)[0]?.summary).toBe('the certificate of shop.example.com ends in 1 hour');
});
