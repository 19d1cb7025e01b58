import { expect, test } from 'vitest';
import { type Endpoints, qualityOf, type Source } from '../../../src/table/quality.ts';

test.each([
  ['endpoint', 'well', 'full'],
  ['endpoint', 'failed', 'minimal'],
  ['cache', 'well', 'degraded'],
  ['cache', 'failed', 'minimal'],
  ['fallback', 'well', 'degraded'],
  ['fallback', 'failed', 'degraded'],
  ['stale', 'well', 'minimal'],
  ['stale', 'failed', 'minimal'],
  ['none', 'failed', undefined],
] satisfies readonly (readonly [Source, Endpoints, string | undefined])[])(
  'an answer from %s with endpoints that are %s is %s',
  (source, endpoints, quality) => {
    expect(qualityOf(source, endpoints)).toBe(quality);
  },
);
