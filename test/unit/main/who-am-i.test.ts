import { expect, test } from 'vitest';
import { whoAmI } from '../../../src/main/who-am-i.ts';

const nobody = () => {
  throw new Error('ERR_SYSTEM_ERROR');
};

test.each([
  [{ SUDO_USER: 'ann', USER: 'root' }, 'ann'],
  [{ USER: 'ben' }, 'ben'],
  [{ USER: '', LOGNAME: 'cat' }, 'cat'],
])('%j is %s', (env, name) => {
  expect(whoAmI(env, nobody)).toBe(name);
});

test('without any of these it is whom the process runs as, if that has a name', () => {
  expect(whoAmI({}, () => 'node')).toBe('node');
  expect(whoAmI({}, nobody)).toBeUndefined();
});
