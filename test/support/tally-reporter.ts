import { writeFileSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

export type Tally = { readonly passed: number; readonly failed: number; readonly skipped: number };

/**
 * Ends a run with one plain line, `N passed, N failed`, and with `, N skipped` behind it when there are any. With
 * `MERIDIAN_TALLY` set, the line is written to that file too, for a script that has more to print.
 */
export class TallyReporter implements Reporter {
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

export function tallyLine({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

function brokenSuites(module: TestModule): number {
  return [...module.children.allSuites()].filter((suite) => suite.errors().length > 0).length;
}
