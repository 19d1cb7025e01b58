import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

const QUIET = new URL('../../../src/compose/quiet-sqlite.ts', import.meta.url).href;

test('of the warnings of the runtime, only the one about SQLite is left out', () => {
  const code = `(await import('${QUIET}')).keepQuietAboutSqlite();
    process.emitWarning('SQLite is an experimental feature and might change at any time', 'ExperimentalWarning');
    process.emitWarning('Something else is experimental', 'ExperimentalWarning');
    process.emitWarning('SQLite is slow');
    process.emitWarning(new Error('an error'));
    process.emitWarning('old', { type: 'DeprecationWarning', code: 'DEP1' });`;
  const { stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
  expect(stderr.match(/(?<=\(node:\d+\) ).*/g)).toEqual([
    'ExperimentalWarning: Something else is experimental',
    'Warning: SQLite is slow',
    'Error: an error',
    '[DEP1] DeprecationWarning: old',
  ]);
});
