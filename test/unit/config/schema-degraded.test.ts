import { expect, test } from 'vitest';
import { threeClouds } from '../../support/topology.ts';

const read = (degraded: string) => () => threeClouds({ service: `degraded: ${degraded}` });

test.each([
  ['{ cache: { bytes: 0 } }', /degraded\.cache\.bytes: must be more than 0/],
  ['{ cache: { bytes: 0B } }', /degraded\.cache\.bytes: must be more than 0/],
  ['{ cache: { entry_bytes: 0KiB } }', /entry_bytes: must be more than 0/],
  ['{ cache: { entries: 0 } }', /entries: must be a whole number from 1/],
  ['{ cache: { store: redis } }', /store: must be memory or sqlite/],
  ['{ primary_timeout: 0s }', /primary_timeout: must be from 1ms/],
  ['{ cache: { fresh_for: 0s } }', /fresh_for: must be from 1ms/],
  ['{ cache: { credential_fields: ["a b"] } }', /credential_fields\[0\]: must be the name of a header field/],
  ['{ fallbacks: [{ url: "http://a", name: "10.0.0.1:80" }] }', /name: must be letters/],
  ['{ fallbacks: [] }', /fallbacks: is an empty list/],
  ['{ fallbacks: [{ timeout: 1s }] }', /url/],
  ['{ fallbacks: [{ url: "ftp://a" }] }', /scheme ftp/],
  ['{ stale_for: 1m }', /it belongs into cache/],
  ['{ primary_timout: 1s }', /did you mean "?primary_timeout/],
])('%s is refused', (degraded, why) => {
  expect(read(degraded)).toThrow(why);
});
