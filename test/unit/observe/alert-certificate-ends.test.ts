import { expect, test } from 'vitest';
import { buildAlerts } from '../../../src/config/build-alerts.ts';
import { certificateFindings } from '../../../src/observe/alert-certificate-ends.ts';

const { rules } = buildAlerts(undefined);
const DAY = 86_400_000;
const found = (leftMs: number) => certificateFindings([{ name: 'shop.example.com', leftMs }], rules);

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
  expect(critical?.summary).toBe('the certificate of shop.example.com ends in 1 day');
  expect(warning?.coveredBy).toEqual([critical?.key]);
  expect(found(0)[0]?.summary).toBe('the certificate of shop.example.com has ended: clients refuse it');
});

test('the days are the file’s', () => {
  const mine = buildAlerts({ rules: { certificate_ends: { warning_before: 2 * DAY, critical_before: DAY } } }).rules;
  expect(certificateFindings([{ name: 'a', leftMs: 3 * DAY }], mine)).toEqual([]);
  expect(certificateFindings([{ name: 'a', leftMs: 1.5 * DAY }], mine)).toHaveLength(1);
});
