import { expect, test } from 'vitest';
import { geo } from '../../../src/main/geo.ts';

test.each([
  [[], 'meridian geo update FILE.mmdb'],
  [['fetch', 'x'], 'meridian geo update FILE.mmdb'],
  [['update'], 'meridian geo update FILE.mmdb'],
  [['update', 'a', 'b'], 'meridian geo update FILE.mmdb'],
  [['update', 'a', '--to', 'b', '-c', 'd'], 'give one of them'],
])('%j is wrong usage', async (args, message) => {
  await expect(geo(args)).rejects.toThrow(message);
});
