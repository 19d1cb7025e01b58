import { expect, test } from 'vitest';
import { blank, written } from '../../../src/fleet/register.ts';
import { readRegister, registerText, textHash } from '../../../src/fleet/register-text.ts';

const register = written(blank('k'), { by: 'a', number: 7, atMs: 12.5, value: { x: ['ü', null] } });

test('a register is read as it was written', () => {
  expect(registerText(register)).toBe('{"v":1,"c":{"a":7},"w":[["a",7,12.5,{"x":["ü",null]}]]}');
  expect(readRegister('k', registerText(register))).toEqual(register);
});

test('a name that objects have already is a name', () => {
  const odd = written(blank('k'), { by: '__proto__', number: 7, atMs: 1, value: {} });
  expect(readRegister('k', registerText(odd))).toEqual(odd);
});

test.each([
  ['{', 'it is not JSON'],
  ['[]', 'it is not an object'],
  ['{}', 'it has version null, this edge knows 1'],
  ['{"v":2,"c":{},"w":[]}', 'it has version 2, this edge knows 1'],
  ['{"v":1,"c":{},"w":[]}', 'it lacks what version 1 has'],
  ['{"v":1,"c":{"a":-1},"w":[["a",1,1,{}]]}', 'it lacks what version 1 has'],
  ['{"v":1,"c":{"a":9007199254740991},"w":[["a",1,1,{}]]}', 'it lacks what version 1 has'],
  ['{"v":1,"c":{"a":1},"w":[["a",1,"x",{}]]}', 'it lacks what version 1 has'],
  ['{"v":1,"c":{"a":1},"w":[["a",1,1,[]]]}', 'it lacks what version 1 has'],
  [`"${'x'.repeat(5e6)}"`, 'it has 5000002 characters'],
])('%.40s: %s', (text, why) => {
  expect(readRegister('k', text)).toBe(why);
});

test('a write that the clock of a text does not have is in it all the same', () => {
  expect(readRegister('k', '{"v":1,"c":{},"w":[["a",3,1,{}]]}')).toMatchObject({ clock: { a: 3 } });
});

test('the hash is the one that Redis makes', () => {
  expect(textHash('ü')).toBe('94a759fd37735430753c7b6b80684306d80ea16e');
});
