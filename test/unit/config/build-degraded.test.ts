import { expect, test } from 'vitest';
import { CREDENTIAL_FIELDS } from '../../../src/config/schema-degraded.ts';
import { threeClouds } from '../../support/topology.ts';

const ladder = (service: string) => threeClouds({ service }).services[0]?.degraded;

test('there is no ladder unless it is asked for, and then it has its defaults', () => {
  expect(ladder('')).toBeUndefined();
  expect(ladder('degraded: {}')).toEqual({
    primaryMs: 100,
    waitMs: 1000,
    cache: {
      store: 'memory',
      path: undefined,
      bytes: 64 * 1024 * 1024,
      entries: 10_000,
      entryBytes: 1024 * 1024,
      freshMs: undefined,
      credentialFields: CREDENTIAL_FIELDS.map((name) => name.toLowerCase()),
      staleMs: 600_000,
      staleIfErrorMs: 0,
      staleWhileRevalidateMs: 0,
    },
    fallbacks: [],
  });
});

const NOWHERE = { cloud: undefined, region: undefined, country: '' };

test('fallbacks keep their order', () => {
  const given =
    'degraded: { fallbacks: [{ url: "https://site.example/x" }, { url: "http://b:81", timeout: 1s, name: static }] }';
  expect(ladder(given)?.fallbacks).toEqual([
    {
      name: 'fallback-1',
      url: { protocol: 'https', host: 'site.example', port: 443, basePath: '/x' },
      timeoutMs: 200,
      site: NOWHERE,
    },
    { name: 'static', url: { protocol: 'http', host: 'b', port: 81, basePath: '' }, timeoutMs: 1000, site: NOWHERE },
  ]);
});

test('where a fallback is, the file says; its country is that of its region unless it says another', () => {
  const siteOf = (more: string) => ladder(`degraded: { fallbacks: [{ url: "http://b"${more} }] }`)?.fallbacks[0]?.site;
  expect(siteOf(', cloud: gcp, region: europe-west1')).toEqual({ cloud: 'gcp', region: 'europe-west1', country: 'BE' });
  expect(siteOf(', cloud: gcp, region: europe-west1, country: FR')?.country).toBe('FR');
  expect(siteOf(', country: FR')).toEqual({ ...NOWHERE, country: 'FR' });
});
