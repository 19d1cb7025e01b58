import { expect, test } from 'vitest';
import { publicUrl } from '../../../src/degraded/public-url.ts';

test.each([
  ['http', 'Shop.Example:80', '/A?b=C', 'http://shop.example/A?b=C'],
  ['https', 'shop.example:443', '/', 'https://shop.example/'],
  ['https', 'shop.example:80', '/', 'https://shop.example:80/'],
  ['http', '[::1]:8080', '/', 'http://[::1]:8080/'],
] as const)('%s %s %s', (protocol, host, target, expected) => {
  expect(publicUrl({ protocol, host, target })).toBe(expected);
});
