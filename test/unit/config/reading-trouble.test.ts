import { expect, test } from 'vitest';
import { readingTrouble } from '../../../src/config/reading-trouble.ts';

const failure = (code: string) => Object.assign(new Error(`${code}: as the system says it`), { code });

test.each(['ENOENT', 'EACCES', 'EPERM', 'EISDIR', 'ENOTDIR', 'ELOOP', 'EMFILE'])(
  '%s is explained, named, and comes with what to do',
  (code) => {
    expect(readingTrouble(failure(code))).toMatch(new RegExp(`^.+ \\(${code}\\); .+$`));
    expect(readingTrouble(failure(code))).not.toContain('as the system says it');
  },
);

test('what is not known is said as the system says it', () => {
  expect(readingTrouble(failure('EIO'))).toBe('EIO: as the system says it');
  expect(readingTrouble('odd')).toBe('odd');
});
