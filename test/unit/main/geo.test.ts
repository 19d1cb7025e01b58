import { expect, test } from 'vitest';
import { geoUpdate } from '../../../src/main/geo.ts';

test.each([
  [[], 'meridian geo update FILE.mmdb'],
  [['a', 'b'], 'meridian geo update FILE.mmdb'],
  [['a', '--to', 'b', '-c', 'd'], 'give one of them'],
])('%j is wrong usage', async (args, message) => {
  await expect(geoUpdate(args)).rejects.toThrow(message);
});
