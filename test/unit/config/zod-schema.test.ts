import { expect, test } from 'vitest';
import { decimal, integer, matching, oneOf } from '../../../src/config/scalars.ts';
import {
  block,
  complete,
  key,
  listOfBlocks,
  mapOf,
  needed,
  neededUnder,
  optional,
  readWith,
  toJsonSchema,
  under,
} from '../../../src/config/zod-schema.ts';

const INNER = block('The inner block.', {
  rate: key(decimal(0, 1), 0.5, 'A rate.'),
  mode: optional(oneOf(['a', 'b']), 'A mode.'),
});
const OUTER = block('The outer block.', {
  size: needed(integer(1, 9), 'A size.'),
  inner: under(INNER.schema),
  items: neededUnder(listOfBlocks(INNER.schema, 'a list of things', 'Things.')),
  named: under(mapOf(matching('lower-case letters', /^[a-z]+$/), INNER.schema, 'Named things.')),
});

const read = (value: unknown) => {
  const result = readWith(OUTER.schema, value);
  return 'value' in result
    ? result.value
    : result.faults.map(({ path, message, part }) => `${path.join('.')}${part === 'key' ? '!' : ''} ${message}`);
};

test('what is right is read as it is, without defaults', () => {
  const value = { size: 3, inner: { mode: 'a' }, items: [{}, { rate: 0 }], named: { x: {} } };
  expect(read(value)).toEqual(value);
});

test('every fault is found at once, each where it is', () => {
  const value = {
    inner: { rate: 2, mode: 'c', moode: 1 },
    items: [{ rate: 'x' }, 7],
    named: { X: { rate: 1 }, y: null },
  };
  expect(new Set([read(value)].flat())).toEqual(
    new Set([
      'inner.mode must be a or b; it is "c"; did you mean "a"?',
      'inner.moode! is no key of this block; did you mean "mode"?',
      'inner.rate must be a number from 0 to 1; it is the number 2',
      'items.0.rate must be a number from 0 to 1; it is "x"',
      'items.1 must be a mapping of settings, one "key: value" a line; it is the number 7',
      'named.X! is no name: it must be lower-case letters; it is "X"',
      'named.y is empty; it must be a mapping of settings, one "key: value" a line, or remove the key',
      'size is missing; it must be a whole number from 1 to 9',
    ]),
  );
});

test.each([
  [{ size: 1, items: [] }, ['items is an empty list; it must be a list of things']],
  [{ size: 1, items: {} }, ['items must be a list of things; it is a mapping']],
  [{ size: 1 }, ['items is missing; it must be a list of things']],
  [{ size: null, items: [{}] }, ['size is empty; it must be a whole number from 1 to 9, or remove the key']],
  [{ size: 1, items: [{}], rate: 1 }, ['rate! is no key of this block; it belongs into inner']],
  [{ size: 1, items: [{}], zzzzzz: 1 }, ['zzzzzz! is no key of this block; its keys are size, inner, items, named']],
  [{ size: 1, items: [{}], '<<': 1 }, ['<<! is a merge key, which YAML 1.2 does not have; write the settings out']],
  [
    { size: 1, items: [{}], named: [] },
    ['named must be a mapping of names, each lower-case letters, to settings; it is a list'],
  ],
  [5, [' must be a mapping of settings, one "key: value" a line; it is the number 5']],
])('%j', (value, faults) => {
  expect(read(value)).toEqual(faults);
});

test('layers go over the defaults key by key, the last one first', () => {
  expect(complete(INNER)).toEqual({ rate: 0.5, mode: undefined });
  expect(complete(INNER, { rate: 0.1, mode: 'a' }, undefined, { rate: 0.2 })).toEqual({ rate: 0.2, mode: 'a' });
  expect(complete(INNER, { rate: 0 })).toEqual({ rate: 0, mode: undefined });
});

test('a default that is not of its kind is a mistake of ours and shows at once', () => {
  expect(() => key(integer(1, 9), 10, 'Too large.')).toThrow(/the default 10 must be a whole number/);
});

test('the JSON Schema has meanings, defaults, and no other keys', () => {
  expect(toJsonSchema(INNER.schema)).toMatchObject({
    description: 'The inner block.',
    additionalProperties: false,
    properties: {
      rate: { description: 'A rate.', default: 0.5, anyOf: [{ type: 'number', minimum: 0, maximum: 1 }, {}] },
      mode: { description: 'A mode.', anyOf: [{ enum: ['a', 'b'] }, { type: 'string', pattern: '\\$\\{' }] },
    },
  });
  expect(toJsonSchema(OUTER.schema)).toMatchObject({ required: ['size', 'items'] });
  expect(toJsonSchema(INNER.schema)).not.toHaveProperty('required');
});
