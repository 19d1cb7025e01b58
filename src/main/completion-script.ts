import type { CommandShape, OptionShape } from './command-shape.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** Whether there is a script for a shell of this name. */
export function isShell(word: string): word is Shell {
  return SHELLS.some((shell) => shell === word);
}

/** A script that makes a shell complete `meridian`: all that it knows is in it, so that pressing TAB starts no process. */
export function completionScript(shell: Shell, commands: readonly CommandShape[]): string {
  switch (shell) {
    case 'bash':
      return bashScript(commands);
    case 'zsh':
      // zsh reads completions of bash, and has all that ours needs.
      return `#compdef meridian\nautoload -Uz bashcompinit && bashcompinit\n${bashScript(commands)}`;
    case 'fish':
      return fishScript(commands);
    default:
      return shell satisfies never;
  }
}

/** Words that may come first, and by a first word those that may come second. */
function tree(commands: readonly CommandShape[]): ReadonlyMap<string, readonly string[]> {
  const words = new Map<string, string[]>();
  for (const { name } of commands) {
    const [first = '', second] = name.split(' ');
    const seconds = words.get(first) ?? [];
    if (second !== undefined) seconds.push(second);
    words.set(first, seconds);
  }
  return words;
}

function optionsOf({ options }: CommandShape): readonly string[] {
  return [...Object.keys(options).map((name) => `--${name}`), '--help'];
}

function bashScript(commands: readonly CommandShape[]): string {
  const words = tree(commands);
  const files = filesOf(commands).flatMap(({ option, short }) => [option, ...(short === undefined ? [] : [short])]);
  const cases = commands.map(
    (command) =>
      `    '${command.name}') COMPREPLY=($(compgen -W '${[...(command.words ?? []), ...optionsOf(command)].join(' ')}' -- "$now"))${
        takesFile(command) ? ' ; [[ $now == -* ]] || compopt -o default 2>/dev/null' : ''
      } ;;`,
  );
  const seconds = [...words].filter(([, more]) => more.length > 0);
  return [
    '_meridian() {',
    `  local now="${word('COMP_CWORD')}" before="${word('COMP_CWORD-1')}" name="${word('1')}"`,
    '  COMPREPLY=()',
    `  if ((COMP_CWORD == 1)); then COMPREPLY=($(compgen -W '${[...words.keys()].join(' ')} help' -- "$now")); return; fi`,
    `  case "$before" in ${[...new Set(files)].join('|')}) compopt -o default 2>/dev/null; return ;; esac`,
    '  case "$name" in',
    ...seconds.map(([first, more]) => {
      const offer = `COMPREPLY=($(compgen -W '${more.join(' ')}' -- "$now")); return`;
      const named = `case "${word('2')}" in ${more.join('|')}) name="$name ${word('2')}" ;; esac`;
      return `    ${first}) if ((COMP_CWORD == 2)) && [[ $now != -* ]]; then ${offer}; fi ; ${named} ;;`;
    }),
    '  esac',
    '  case "$name" in',
    ...cases,
    '  esac',
    '}',
    'complete -F _meridian meridian',
    '',
  ].join('\n');
}

/** The word of this number on the line. */
function word(at: string): string {
  return `$\{COMP_WORDS[${at}]}`;
}

function takesFile({ takes = '' }: CommandShape): boolean {
  return takes === 'FILE' || takes === 'FROM';
}

/** Options whose value is the name of a file. */
function filesOf(commands: readonly CommandShape[]) {
  return commands.flatMap(({ options }) =>
    Object.entries(options)
      .filter(([, { value }]) => value === 'FILE')
      .map(([name, { short }]) => ({ option: `--${name}`, short: short === undefined ? undefined : `-${short}` })),
  );
}

function fishScript(commands: readonly CommandShape[]): string {
  const words = tree(commands);
  const first = Array.from(words, ([word, more]) => {
    const about = commands.find(({ name }) => name === word)?.about ?? more.join(', ');
    return `-n __fish_use_subcommand -a ${word} -d ${quoted(about)}`;
  });
  const rest = commands.flatMap((command) => fishLines(command, words));
  return ['-f', ...first, ...rest].map((line) => `complete -c meridian ${line}\n`).join('');
}

function fishLines(command: CommandShape, words: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const [first = '', second] = command.name.split(' ');
  const seen = `__fish_seen_subcommand_from ${first}`;
  const within = quoted(second === undefined ? seen : `${seen}; and __fish_seen_subcommand_from ${second}`);
  const lines = (command.words ?? []).map((word) => `-n ${within} -a ${word}`);
  if (second !== undefined) {
    const none = `${seen}; and not __fish_seen_subcommand_from ${words.get(first)?.join(' ')}`;
    lines.push(`-n ${quoted(none)} -a ${second} -d ${quoted(command.about)}`);
  }
  if (takesFile(command)) lines.push(`-n ${within} -F`);
  return [
    ...lines,
    ...Object.entries(command.options).map(([name, option]) => `-n ${within} ${fishOption(name, option)}`),
  ];
}

function fishOption(name: string, { short, value, about }: OptionShape): string {
  const letter = short === undefined ? '' : ` -s ${short}`;
  const takes = value === undefined ? '' : value === 'FILE' ? ' -r -F' : ' -x';
  return `-l ${name}${letter}${takes} -d ${quoted(about)}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
