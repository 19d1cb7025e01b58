import { expect, test } from 'vitest';
import type { TestModule } from 'vitest/node';
import { failureLines, tallyLine, tallyOf } from './tally-reporter.ts';

type Shape = { readonly states: readonly string[]; readonly errors?: number; readonly suiteErrors?: number };

/** As much of a vitest module as the tally looks at. */
function moduleOf({ states, errors = 0, suiteErrors = 0 }: Shape): TestModule {
  const children = {
    allTests: () => states.map((state) => ({ result: () => ({ state }) })),
    allSuites: () => [{ errors: () => Array.from({ length: suiteErrors }) }],
  };
  return { children, errors: () => Array.from({ length: errors }) } as unknown as TestModule;
}

test('tests are counted by how they ended', () => {
  const modules = [moduleOf({ states: ['passed', 'failed', 'skipped'] }), moduleOf({ states: ['passed'] })];
  expect(tallyOf(modules, 0)).toEqual({ passed: 2, failed: 1, skipped: 1 });
});

test('what broke outside a test, or never ended, has failed', () => {
  expect(tallyOf([moduleOf({ states: [], errors: 1 })], 0).failed).toBe(1);
  expect(tallyOf([moduleOf({ states: ['passed'], suiteErrors: 1 })], 0).failed).toBe(1);
  expect(tallyOf([moduleOf({ states: ['passed'] })], 2)).toEqual({ passed: 1, failed: 2, skipped: 0 });
  expect(tallyOf([moduleOf({ states: ['pending'] })], 0).failed).toBe(1);
});

test('the line is plain', () => {
  expect(tallyLine({ passed: 12, failed: 0, skipped: 0 })).toBe('12 passed, 0 failed');
  expect(tallyLine({ passed: 12, failed: 1, skipped: 3 })).toBe('12 passed, 1 failed, 3 skipped');
});

test('a test that failed says why, one that passed says nothing', () => {
  const ended = (state: string, errors?: readonly object[]) =>
    failureLines({ fullName: 'room > rule', result: () => ({ state, errors }) } as never);
  expect(ended('failed', [{ message: 'expected 1 to be 2', diff: '- 2\n+ 1' }, { message: 'and more' }])).toEqual([
    'failed: room > rule: expected 1 to be 2',
    '- 2\n+ 1',
    'failed: room > rule: and more',
  ]);
  expect(ended('passed')).toEqual([]);
});
