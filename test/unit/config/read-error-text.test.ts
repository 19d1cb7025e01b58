import { expect, test } from 'vitest';
import { readErrorText } from '../../../src/config/read-error-text.ts';

const failure = (code: string) => Object.assign(new Error(`${code}: as the system says it`), { code });

test.each(['ENOENT', 'EACCES', 'EPERM', 'EISDIR', 'ENOTDIR', 'ELOOP', 'EMFILE'])(
  '%s is explained, named, and comes with what to do',
  (code) => {
    expect(readErrorText(failure(code))).toMatch(new RegExp(`^.+ \\(${code}\\); .+$`));
    expect(readErrorText(failure(code))).not.toContain('as the system says it');
  },
);

test('what is not known is said as the system says it', () => {
  expect(readErrorText(failure('EIO'))).toBe('EIO: as the system says it');
  expect(readErrorText('odd')).toBe('odd');
});
