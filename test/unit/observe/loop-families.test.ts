import { expect, test } from 'vitest';
import { loopFamilies } from '../../../src/observe/loop-families.ts';
import { valuesOf } from './samples.ts';

test('a scrape reads the delay once, and shows it in seconds', () => {
  let reads = 0;
  const read = () => {
    reads += 1;
    return { maxMs: 400, p50Ms: 1, p90Ms: 20, p99Ms: 300 };
  };
  const families = loopFamilies({ read });
  const values = families.map(
    ({ name }) =>
      valuesOf(
        families.filter((one) => one.name === name),
        name,
      )[''],
  );
  expect(values).toEqual([0.4, 0.001, 0.02, 0.3]);
  expect(reads).toBe(1);
});
