import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Seal } from '../../../src/acme/seal.ts';

const seal = new Seal('s'.repeat(32));

test('what was sealed for a place opens there, and says nothing of itself', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (text, place) => {
      expect(seal.open(seal.close(text, place), place)).toBe(text);
    }),
  );
  const sealed = seal.close('-----BEGIN PRIVATE KEY-----', 'a');
  expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('PRIVATE');
  expect(seal.close('x', 'a')).not.toBe(seal.close('x', 'a'));
});

test('nobody opens it at another place, or by another secret', () => {
  const sealed = seal.close('text', 'acme/certificate/1');
  expect(seal.open(sealed, 'acme/certificate/2')).toBeUndefined();
  expect(new Seal('t'.repeat(32)).open(sealed, 'acme/certificate/1')).toBeUndefined();
});

test('not a bit of it can be changed, and nothing that was not sealed opens', () => {
  const sealed = Buffer.from(seal.close('text', 'a'), 'base64url');
  for (let bit = 0; bit < sealed.length * 8; bit += 1) {
    const changed = Buffer.from(sealed);
    changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
    expect(seal.open(changed.toString('base64url'), 'a')).toBeUndefined();
  }
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(seal.open(text, 'a')).toBeUndefined();
    }),
  );
});
