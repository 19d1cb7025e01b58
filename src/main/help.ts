import { COMMAND_GROUPS } from './command-list.ts';
import type { CommandShape, OptionShape } from './command-shape.ts';

/** What `meridian --help` prints; `pages` is where docs/README.md is, if it is anywhere. */
export function overviewText(pages: string | undefined): string {
  const all = COMMAND_GROUPS.flatMap(({ commands }) => commands);
  const width = Math.max(...all.map((command) => calledAs(command).length)) + 2;
  const groups = COMMAND_GROUPS.map(({ title, commands }) =>
    [title, ...commands.map((command) => `  ${calledAs(command).padEnd(width)}${command.about}`)].join('\n'),
  );
  return `Usage: meridian <command> [options]\n\n${groups.join('\n\n')}\n\n${FOOT}${pages === undefined ? '' : `Every page: ${pages}\n`}`;
}

const FOOT = `meridian <command> --help tells more of each. The running edge is that of --admin URL, of -c FILE, of MERIDIAN_ADMIN_URL or
MERIDIAN_ADMIN_LISTEN, or the one on this machine; the token that of --token, of the file, or of MERIDIAN_ADMIN_TOKEN.

Exit codes: 0 fine, 1 the file or the run failed, 2 wrong usage.
`;

/** What `meridian COMMAND --help` prints. */
export function helpText(command: CommandShape): string {
  const { about, notes = [], examples } = command;
  const options = Object.entries(command.options).map(([name, option]) => [optionText(name, option), option.about]);
  const width = Math.max(0, ...options.map(([text = '']) => text.length)) + 2;
  const parts = [
    `Usage: meridian ${calledAs(command)}${options.length > 0 ? ' [options]' : ''}`,
    `${about.charAt(0).toUpperCase()}${about.slice(1)}.`,
    ...(notes.length > 0 ? [notes.join('\n')] : []),
    ...(options.length > 0
      ? [['Options:', ...options.map(([text = '', what]) => `  ${text.padEnd(width)}${what}`)].join('\n')]
      : []),
    [examples.length > 1 ? 'Examples:' : 'Example:', ...examples.map((example) => `  ${example}`)].join('\n'),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** `drain WHERE` */
export function calledAs({ name, takes }: CommandShape): string {
  return takes === undefined ? name : `${name} ${takes}`;
}

/** `-c, --config FILE` */
export function optionText(name: string, { short, value, multiple }: OptionShape): string {
  const behind = value === undefined ? '' : ` ${value}${multiple === true ? ' …' : ''}`;
  return `${short === undefined ? '    ' : `-${short}, `}--${name}${behind}`;
}
