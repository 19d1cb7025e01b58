import fc from 'fast-check';
import { expect, test } from 'vitest';
import { IsoTime } from '../../../src/observe/iso-time.ts';

test('says what Date says, whatever came before', () => {
  const iso = new IsoTime();
  const near = fc.tuple(
    fc.date({ min: new Date(0), max: new Date('9999-01-01'), noInvalidDate: true }),
    fc.array(fc.nat(3000)),
  );
  fc.assert(
    fc.property(near, ([start, steps]) => {
      for (const step of [0, ...steps]) {
        const at = start.getTime() + step;
        expect(iso.at(at)).toBe(new Date(at).toISOString());
      }
    }),
  );
});

test('parts of a millisecond are cut', () => {
  expect(new IsoTime().at(1999.9)).toBe('1970-01-01T00:00:01.999Z');
});
