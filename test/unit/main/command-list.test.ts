import { expect, test } from 'vitest';
import { COMMANDS, FAMILIES, findCommand } from '../../../src/main/command-list.ts';
import type { CommandShape } from '../../../src/main/command-shape.ts';
import { calledAs, helpText, optionText } from '../../../src/main/help.ts';
import { RUNNERS } from '../../../src/main/runners.ts';
import { cliPage } from './cli-page.ts';

test('every command can be run, and nothing else', () => {
  expect(Object.keys(RUNNERS).toSorted()).toEqual(COMMANDS.map(({ name }) => name).toSorted());
});

test('no name is said twice, and no family is a command', () => {
  expect(new Set(COMMANDS.map(({ name }) => name)).size).toBe(COMMANDS.length);
  expect(FAMILIES.toSorted()).toEqual(['chaos', 'fleet', 'geo']);
});

test.each(COMMANDS)('$name is told in one line, with examples that are of it and know its options', (command) => {
  const { name, about, examples, options } = command;
  expect(about).toMatch(/^[a-z][^\n]*[^.\n]$/);
  expect(examples.length).toBeGreaterThan(0);
  for (const example of examples) {
    if (example === 'meridian --version') continue;
    expect(example.startsWith(`meridian ${name}`)).toBe(true);
    for (const [, option = ''] of example.matchAll(/ --([a-z-]+)/g)) expect(Object.keys(options)).toContain(option);
  }
  for (const { type, value } of Object.values<CommandShape['options'][string]>(options)) {
    expect(value !== undefined).toBe(type === 'string');
  }
  expect(helpText(command)).toContain(`Usage: meridian ${calledAs(command)}`);
  for (const [key, option] of Object.entries(options)) expect(helpText(command)).toContain(optionText(key, option));
});

test.each([
  [['chaos', 'start', 'x'], 'chaos start', ['x']],
  [['demo', '--for', '2s'], 'demo', ['--for', '2s']],
  [['demo', 'kill', 'gcp'], 'demo kill', ['gcp']],
  [['drain', 'start'], 'drain', ['start']],
])('%j is the command %s', (words, name, rest) => {
  expect(findCommand(words)).toMatchObject({ command: { name }, rest });
});

test.each([[['chaos']], [['strat']], [[]], [['constructor']]])('%j is none', (words) => {
  expect(findCommand(words)).toBeUndefined();
});

test('docs/cli.md says what the program says (npx vitest run command-list -u writes it)', async () => {
  await expect(cliPage()).toMatchFileSnapshot('../../../docs/cli.md');
});
