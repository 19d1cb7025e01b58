import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FieldTable, parseFields } from '../../../../../src/edge/message/fields.ts';
import { headerOf, joinedHeader } from '../../../../../src/edge/message/request-head.ts';
import { firstIn, joinedIn, KeptFields, NAMES_MAX } from '../../../../../src/edge/wire/grammar/text-fields.ts';

const name = fc.constantFrom('Via', 'via', 'VIA', 'Host', 'X-A', 'x-b');
const value = fc.constantFrom('', 'a', 'b, c', '\u00e9');
const asked = fc.array(fc.constantFrom('via', 'host', 'x-a', 'x-b', 'x-none'), { maxLength: 20 });

test('fields are found in the text as in a list of them, however often they are asked for', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value)), asked, (fields, names) => {
      const text = `GET / HTTP/1.1\r\n${fields.map(([one, its]) => `${one}: ${its}\r\n`).join('')}\r\n`;
      const list = fields.flat();
      const table = new FieldTable();
      const kept = new KeptFields(text, table);
      const bytes = Buffer.from(text, 'latin1');
      expect(parseFields(bytes, text.indexOf('\r\n') + 2, bytes.length, table)).toBe(bytes.length);
      for (const one of names) {
        expect([kept.first(one), firstIn(text, table, one)]).toEqual(Array(2).fill(headerOf(list, one)));
        expect([kept.joined(one), joinedIn(text, table, one)]).toEqual(Array(2).fill(joinedHeader(list, one)));
      }
    }),
  );
});

test('it stays right for more names than are kept, and when the table has become that of another head', () => {
  const table = new FieldTable();
  const lines = Array.from({ length: 3 * NAMES_MAX }, (_, i) => `x-${i}: ${i}\r\n`).join('');
  const kept = new KeptFields(`GET / HTTP/1.1\r\n${lines}\r\n`, table);
  parseFields(Buffer.from('a: b\r\n\r\n'), 0, 8, table);
  for (let times = 0; times < 2; times += 1) {
    for (let i = 0; i < 3 * NAMES_MAX; i += 1) {
      expect([kept.first(`x-${i}`), kept.joined(`x-${i}`)]).toEqual([`${i}`, `${i}`]);
    }
  }
});
