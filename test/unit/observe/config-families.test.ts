import { expect, test } from 'vitest';
import { configFamilies } from '../../../src/observe/config-families.ts';
import { valuesOf } from './samples.ts';

test('hash, age, ends of certificates and ages of names are what is said of them, in seconds', () => {
  const families = configFamilies({
    hash: () => 'abc',
    sinceMs: () => 1000,
    wallMs: () => 61_000,
    certificates: () => [{ use: 'tls.ca', service: 'shop', endMs: 5000 }],
    shown: () => [{ name: 'shop.example.com', beginMs: 2000, endMs: 7000 }],
    dnsAgesMs: () => new Map([['shop', 1500]]),
  });
  expect(valuesOf(families, 'meridian_config_info')).toEqual({ abc: 1 });
  expect(valuesOf(families, 'meridian_config_age_seconds')).toEqual({ '': 60 });
  expect(valuesOf(families, 'meridian_certificate_end_timestamp_seconds')).toEqual({ 'tls.ca shop': 5 });
  expect(valuesOf(families, 'meridian_certificate_not_after_seconds')).toEqual({ 'shop.example.com': 7 });
  expect(valuesOf(families, 'meridian_certificate_not_before_seconds')).toEqual({ 'shop.example.com': 2 });
  expect(valuesOf(families, 'meridian_dns_answer_age_seconds')).toEqual({ shop: 1.5 });
});
