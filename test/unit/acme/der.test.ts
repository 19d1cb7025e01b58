import fc from 'fast-check';
import { expect, test } from 'vitest';
import { elementAt, elementsIn, integer, octets, oid, sequence, time } from '../../../src/acme/der.ts';

const hex = (bytes: Buffer) => bytes.toString('hex');

// X.690 §8.19.5 and RFC 5280 §4.1.2.5.2, and what openssl asn1parse says of the others.
test.each([
  ['an OID', oid('2.5.29.17'), '0603551d11'],
  ['one with large numbers', oid('1.2.840.113549.1.1.11'), '06092a864886f70d01010b'],
  ['a number', integer(Buffer.from([0, 0, 5])), '020105'],
  ['none below zero', integer(Buffer.from([0x80])), '02020080'],
  ['zero', integer(Buffer.from([0, 0])), '020100'],
  ['a time', time(Date.parse('2026-11-28T01:02:03.456Z')), `180f${hex(Buffer.from('20261128010203Z'))}`],
  ['a list', sequence(octets(Buffer.from([1])), octets(Buffer.from([2]))), '3006040101040102'],
])('%s', (_, bytes, expected) => expect(hex(bytes)).toBe(expected));

test('what is written is read', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 70_000, size: 'max' }), { maxLength: 3 }), (all) => {
      const parts = all.map((bytes) => Buffer.from(bytes.subarray(0, 60_000)));
      fc.pre(parts.reduce((sum, { length }) => sum + length, 0) < 60_000);
      const list = elementAt(sequence(...parts.map(octets)), 0);
      expect(elementsIn(list?.content ?? Buffer.alloc(0)).map(({ content }) => hex(content))).toEqual(parts.map(hex));
    }),
    { numRuns: 30 },
  );
});

test('nothing outside of it is read', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat({ max: 50 }), (bytes, at) => {
      const element = elementAt(Buffer.from(bytes), at);
      if (element !== undefined) expect(element.end).toBeLessThanOrEqual(bytes.length);
      expect(elementsIn(Buffer.from(bytes)).length).toBeLessThanOrEqual(bytes.length);
    }),
  );
});
