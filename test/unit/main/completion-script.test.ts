import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { COMMANDS } from '../../../src/main/command-list.ts';
import { completionScript } from '../../../src/main/completion-script.ts';
import { lacks } from '../../support/programs.ts';

/** What bash offers for the last of these words. */
function offered(words: readonly string[]): readonly string[] {
  const script = `${completionScript('bash', COMMANDS)}
COMP_WORDS=(${['meridian', ...words].map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}
_meridian 2>/dev/null; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', script], { encoding: 'utf8' })
    .split('\n')
    .filter((word) => word !== '');
}

test.skipIf(lacks('bash'))('bash: commands, second words, options, words and nothing else', () => {
  expect(offered(['st'])).toEqual(['start', 'status']);
  expect(offered(['chaos', ''])).toEqual(['list', 'start', 'stop']);
  expect(offered(['chaos', 'stop', '--a'])).toEqual(['--all', '--admin']);
  expect(offered(['drain', 'gcp', '--re'])).toEqual(['--reason']);
  expect(offered(['completion', ''])).toEqual(expect.arrayContaining(['bash', 'zsh', 'fish']));
  expect(offered(['demo', '--f'])).toEqual(['--for']);
  expect(offered(['demo', 'k'])).toEqual(['kill']);
  expect(offered(['start', '-c', 'x'])).toEqual([]);
  expect(offered(['nonsense', '--'])).toEqual([]);
});

test.each(['bash', 'zsh'] as const)('%s: every option of every command is there', (shell) => {
  const script = completionScript(shell, COMMANDS);
  for (const { name, options } of COMMANDS) {
    const line = script.split('\n').find((one) => one.includes(`'${name}')`)) ?? '';
    for (const option of Object.keys(options)) expect(line).toContain(`--${option}`);
  }
});

test('fish: every command and option, with its text, and quotes are quoted', () => {
  const script = completionScript('fish', COMMANDS);
  for (const { name, options } of COMMANDS) {
    const [first = '', second] = name.split(' ');
    expect(script).toContain(`-a ${second ?? first} -d `);
    for (const option of Object.keys(options)) expect(script).toContain(`-l ${option}`);
  }
  expect(script).toContain("each service\\'s error budget");
  expect(script.split('\n').filter((line) => line !== '' && !line.startsWith('complete -c meridian'))).toEqual([]);
});
