import { expect, test } from 'vitest';
import {
  checkRecord,
  checkRoom,
  KEY_BYTES_MAX,
  kindOf,
  RECORDS_MAX,
  VALUE_BYTES_MAX,
} from '../../../src/fleet/limits.ts';

test('what is just small enough is kept', () => {
  checkRecord('k'.repeat(KEY_BYTES_MAX), { x: 'x'.repeat(VALUE_BYTES_MAX - 8) });
  checkRoom('chaos/', RECORDS_MAX - 1);
});

test('what is larger says by how much, and what to do', () => {
  expect(() => checkRecord('k'.repeat(KEY_BYTES_MAX + 1), {})).toThrow('the key has 257 bytes');
  expect(() => checkRecord('k', { x: 'x'.repeat(VALUE_BYTES_MAX - 7) })).toThrow('has 16385 bytes');
  expect(() => checkRecord('k', null as never)).toThrow('must be a JSON object');
  expect(() => checkRoom('chaos/', RECORDS_MAX)).toThrow('write one that is there instead');
});

test('a key is of the kind that its beginning says', () => {
  expect(['override/drain/gcp', 'chaos/x', 'x', ''].map(kindOf)).toEqual(['override/', 'chaos/', '', '']);
});
