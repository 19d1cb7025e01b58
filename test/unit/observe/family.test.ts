import { expect, test } from 'vitest';
import { gauge } from '../../../src/observe/family.ts';

test('a gauge is read anew at each scrape', () => {
  let value = 1;
  const family = gauge('name', 'help', () => [{ labels: {}, value }]);
  value = 2;
  expect([family.type, family.samples()]).toEqual(['gauge', [{ labels: {}, value: 2 }]]);
});
