import { describe, expect, test } from 'vitest';
import { hashText, limitedAddress } from '../../../../src/edge/request/client-key.ts';

const hashOf = (text: string, seed: number): string => {
  const key = { set: 0, tag: 0 };
  hashText(text, seed, key);
  return `${key.set} ${key.tag}`;
};

describe('who a client is', () => {
  test.each([
    ['192.0.2.7', 64, '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', 64, '2001:db8:1:2:'],
    ['2001:db8:1:2::9', 64, '2001:db8:1:2:'],
    ['2001:db8::1', 64, '2001:db8:0:0:'],
    ['::1', 32, '0:0:'],
    ['2001:db8:1:23ff::9', 56, '2001:db8:1:2300:'],
    ['2001:db8::1', 128, '2001:db8::1'],
    ['fe80::1%eth0', 16, 'fe80:'],
  ])('%s of which %i bits count is %s', (address, bits, expected) => {
    expect(limitedAddress(address, bits)).toBe(expected);
  });

  test('the same text with the same seed is the same client, and hardly any other is', () => {
    expect(hashOf('192.0.2.7', 5)).toBe(hashOf('192.0.2.7', 5));
    expect(hashOf('192.0.2.7', 5)).not.toBe(hashOf('192.0.2.7', 6));
    const seen = new Set<string>();
    for (let i = 0; i < 200_000; i += 1) seen.add(hashOf(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`, 5));
    expect(seen.size).toBe(200_000);
  });

  test('clients spread over the places', () => {
    const counts = new Uint32Array(64);
    for (let i = 0; i < 64_000; i += 1) {
      const set = Number(hashOf(`192.168.${i >> 8}.${i & 255}`, 9).split(' ')[0]) >>> 0;
      counts[set % 64] = (counts[set % 64] as number) + 1;
    }
    expect(Math.min(...counts)).toBeGreaterThan(850);
    expect(Math.max(...counts)).toBeLessThan(1150);
  });
});
