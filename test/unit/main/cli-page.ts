import { COMMAND_GROUPS } from '../../../src/main/command-list.ts';
import type { CommandShape } from '../../../src/main/command-shape.ts';
import { calledAs, optionText } from '../../../src/main/help.ts';

/** docs/cli.md, from what the program knows of its commands. */
export function cliPage(): string {
  const groups = COMMAND_GROUPS.map(({ title, commands }) => `## ${title}\n\n${commands.map(section).join('\n\n')}`);
  return `${HEAD}\n\n${groups.join('\n\n')}\n`;
}

const HEAD = `# The command

\`meridian COMMAND --help\` prints what is here; this page is made from the same texts, and a test runs every example. How to install it:
[install.md](install.md).

**Which edge.** Commands that ask a running edge ask that of \`--admin URL\`, or of the file of \`-c\` (its \`admin.listen\`), or of
\`MERIDIAN_ADMIN_URL\`, or of \`MERIDIAN_ADMIN_LISTEN\`, which the image and \`config/meridian.yaml\` use, or the one at
http://127.0.0.1:9901; the first of these that is there. The token is that of \`--token\`, of the file, or of \`MERIDIAN_ADMIN_TOKEN\`.

**What it prints.** Tables for people; with \`--json\` the same as JSON, and errors as one line of JSON on standard error. Colours on a
terminal only, and not with \`NO_COLOR\`. Errors are sentences that say what to do; a word that is nearly right is answered with
"did you mean".

**How it ends.** 0 fine; 1 the file or the run failed, or an edge is not ready; 2 wrong usage.`;

function section(command: CommandShape): string {
  const { about, notes = [], options, examples } = command;
  const rows = Object.entries(options).map(
    ([name, option]) => `| \`${optionText(name, option).trim()}\` | ${option.about} |`,
  );
  const parts = [
    `### meridian ${calledAs(command).replaceAll('|', '\\|')}`,
    [`${about.charAt(0).toUpperCase()}${about.slice(1)}.`, ...notes].join('  \n'),
    ['```sh', ...examples, '```'].join('\n'),
    ...(rows.length === 0 ? [] : [['| option | |', '|---|---|', ...rows].join('\n')]),
  ];
  return parts.join('\n\n');
}
