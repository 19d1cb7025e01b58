import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FieldRules, FieldTemplate } from '../../../../src/config/topology-rules.ts';
import { listOf } from '../../../../src/edge/message/answer-head.ts';
import { fieldValue, ruledLines, withoutFields, writtenLines } from '../../../../src/edge/message/field-rules.ts';
import { FieldTable, parseFields } from '../../../../src/edge/message/fields.ts';

const COUNTRY: FieldTemplate = ['from ', { of: 'client.country' }];
const RULES: FieldRules = {
  remove: ['server', 'x-powered-by'],
  set: [{ name: 'X-Country', value: COUNTRY }],
  add: [{ name: 'Via-Region', value: [{ of: 'endpoint.region' }] }],
};
const LINES = 'Server: a\r\nAccept: b\r\nx-country: forged\r\nX-POWERED-BY: c\r\nX-Country: forged\r\nServers: d\r\n';

test('fields are removed, replaced and added; all others stay as they are, in their order', () => {
  expect(ruledLines(LINES, RULES, (of) => (of === 'client.country' ? 'CH' : 'r1'))).toBe(
    'Accept: b\r\nServers: d\r\nX-Country: from CH\r\nVia-Region: r1\r\n',
  );
});

test('a field whose value comes out empty is not sent, and what it would have replaced is gone all the same', () => {
  const set = [{ name: 'Accept', value: [{ of: 'client.country' }] as const }];
  expect(ruledLines(LINES, { remove: [], set, add: [] }, () => '')).not.toMatch(/accept/i);
  expect(writtenLines(set, () => '')).toBe('');
});

test('without names nothing is looked for', () => {
  const add = [{ name: 'A', value: ['1'] }];
  expect(ruledLines('B: 2\r\n', { remove: [], set: [], add }, () => '')).toBe('B: 2\r\nA: 1\r\n');
  expect(withoutFields('', new Set(['a']))).toBe('');
  expect(withoutFields(LINES, new Set(['a']))).toBe(LINES);
});

const wild = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('a\r\nX-Evil: 1', '\n', '\0', ' a ', '\t', 'é', '\u2028', 'ab\r'),
);

test('whatever is put in, a message cannot be split: as many fields as there are rules, each with its own name', () => {
  fc.assert(
    fc.property(
      wild,
      fc.constantFrom<FieldTemplate>(
        [{ of: 'client.country' }],
        ['a', { of: 'service' }, 'b'],
        ['x ', { of: 'cloud' }],
      ),
      (value, template) => {
        const lines = writtenLines(
          [
            { name: 'X-Set', value: template },
            { name: 'X-More', value: template },
          ],
          () => value,
        );
        const bytes = Buffer.from(`${lines}\r\n`, 'latin1');
        const table = new FieldTable();
        expect(parseFields(bytes, 0, bytes.length, table)).toBe(bytes.length);
        const names = listOf(lines).filter((_, i) => i % 2 === 0);
        expect([[], ['X-Set', 'X-More']]).toContainEqual(names);
        expect(table.count).toBe(names.length);
        expect(fieldValue(template, () => value)).toBe(listOf(lines)[1] ?? '');
      },
    ),
    { numRuns: 3000 },
  );
});
