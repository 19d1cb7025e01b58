import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runtimeWarning } from '../../../src/compose/runtime-floor.ts';

test.each([
  ['26.13.1', false],
  ['26.13.0', true],
  ['26.9.9', true],
  ['26.14.0', false],
  ['25.9.0', true],
  ['24.22.3', false],
  ['24.22.2', true],
  ['22.23.5', false],
  ['22.3.0', true],
  ['27.0.0', false],
  ['27.0.0-nightly2026', false],
])('a runtime of version %s is warned of: %s', (version, warned) => {
  expect(runtimeWarning(version) !== undefined).toBe(warned);
  if (warned) expect(runtimeWarning(version)).toContain(version);
});

test('the image has a runtime, named by its whole version, that is not warned of', () => {
  const images = readFileSync(new URL('../../../Dockerfile', import.meta.url), 'utf8').matchAll(
    /^FROM node:(\S+?)-slim/gm,
  );
  const versions = [...images].map(([, version]) => version as string);
  expect(versions.length).toBeGreaterThan(0);
  for (const version of versions) {
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(runtimeWarning(version)).toBeUndefined();
  }
});
