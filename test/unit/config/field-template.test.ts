import { expect, test } from 'vitest';
import { fieldTemplate, isMessageValue } from '../../../src/config/field-template.ts';

test.each([
  ['plain', ['plain']],
  ['${cloud}', [{ of: 'cloud' }]],
  ['a ${client.address}, ${service}', ['a ', { of: 'client.address' }, ', ', { of: 'service' }]],
  ['$cloud {x}', ['$cloud {x}']],
])('%s', (text, parts) => {
  expect(fieldTemplate.read(text)).toEqual({ ok: true, value: parts });
});

test.each(['a\nb', 'a\r', '\0', 'é', '${}', '${CLOUD}', 'a '.padEnd(5000, 'x'), undefined, true])(
  '%j is refused',
  (value) => {
    expect(fieldTemplate.read(value).ok).toBe(false);
  },
);

test('what is a value of a message', () => {
  expect(['cloud', 'client.address', 'constructor', 'HOME'].map(isMessageValue)).toEqual([true, true, false, false]);
});
