import { writeFileSync } from 'node:fs';
import type { Reporter, SerializedError, TestCase, TestModule } from 'vitest/node';

export type Tally = { readonly passed: number; readonly failed: number; readonly skipped: number };

/**
 * Ends a run with one plain line, `N passed, N failed`, and with `, N skipped` behind it when there are any. With
 * `MERIDIAN_TALLY` set, the line is written to that file too, for a script that has more to print.
 */
export class TallyReporter implements Reporter {
  /** Says at once why a test failed: a run that is stopped by its time never comes to the end, where the reasons stand otherwise. */
  onTestCaseResult(test: TestCase): void {
    for (const line of failureLines(test)) console.log(line);
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const line = tallyLine(tallyOf(modules, errors.length));
    console.log(line);
    const file = process.env['MERIDIAN_TALLY'];
    if (file !== undefined && file !== '') writeFileSync(file, `${line}\n`);
  }
}

/** Counts tests. A file or suite that broke before its tests could run, and an unhandled error, count as one failed test each. */
export function tallyOf(modules: readonly TestModule[], unhandled: number): Tally {
  const tests = modules.flatMap((module) => [...module.children.allTests()]);
  const states = tests.map((test) => test.result().state);
  const broken = modules.reduce((sum, module) => sum + module.errors().length + brokenSuites(module), 0);
  return {
    passed: states.filter((state) => state === 'passed').length,
    failed: states.filter((state) => state === 'failed' || state === 'pending').length + broken + unhandled,
    skipped: states.filter((state) => state === 'skipped').length,
  };
}

/** Lines for each error of a failed test, with what was expected and what was there instead. */
export function failureLines(test: Pick<TestCase, 'fullName' | 'result'>): string[] {
  const { state, errors = [] } = test.result();
  if (state !== 'failed') return [];
  return errors.flatMap(({ message, diff }) => [
    `failed: ${test.fullName}: ${message}`,
    ...(diff === undefined ? [] : [diff]),
  ]);
}

export function tallyLine({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

function brokenSuites(module: TestModule): number {
  return [...module.children.allSuites()].filter((suite) => suite.errors().length > 0).length;
}
