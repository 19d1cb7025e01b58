import { expect, test } from 'vitest';
import { ACTOR_CHARS_MAX, OVERRIDE_BODIES, REASON_CHARS_MAX } from '../../../src/config/schema-override.ts';
import { readWith } from '../../../src/config/zod-schema.ts';

const faults = (body: object) => {
  const read = readWith<object>(OVERRIDE_BODIES.drain.schema, body);
  return 'faults' in read ? read.faults.map(({ path, message }) => `${path.join('.')} ${message}`) : [];
};

test.each(['an outage', 'a'.repeat(REASON_CHARS_MAX), 'Wartung, 17:00 – bald fertig'])('%j is a reason', (reason) => {
  expect(faults({ cloud: 'gcp', reason })).toEqual([]);
});

test.each(['', '  ', 'two\nlines', '\u001b[31mred', 'a\u2028b', 'a'.repeat(REASON_CHARS_MAX + 1), 7])(
  '%j is none: a table must be able to show it',
  (reason) => {
    expect(faults({ cloud: 'gcp', reason })).toEqual([expect.stringMatching(/^reason must be a text of one line/)]);
  },
);

test('who does it is shorter', () => {
  expect(faults({ cloud: 'gcp', actor: 'a'.repeat(ACTOR_CHARS_MAX) })).toEqual([]);
  expect(faults({ cloud: 'gcp', actor: 'a'.repeat(ACTOR_CHARS_MAX + 1) })).toHaveLength(1);
});
