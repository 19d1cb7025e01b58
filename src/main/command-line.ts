import { setFlagsFromString } from 'node:v8';
import { COMMANDS, FAMILIES, findCommand } from './command-list.ts';
import { RUNNERS, say } from './runners.ts';
import { EXIT, UsageError } from './usage.ts';

// Loading modules makes much garbage once. The young generation would grow to 32 MiB for it and stay so; every thread that makes
// more than that once sets its own limits.
setFlagsFromString('--semi-space-growth-factor=1');
// A health check's answer is read by WebAssembly, which V8 would compile again, with all optimizations, after a handful of answers: 30 ms of a core for
// what then runs some microseconds a second. Whoever reads many answers gets it all the same, a hundred times later.
setFlagsFromString('--wasm-tiering-budget=1300000000');

let unwritten = false;
// Whoever read our output may go; that ends nothing. What a disk has no room for was asked for and is not there.
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
  if (code === 'EPIPE' || unwritten) return;
  unwritten = true;
  say(`the output cannot be written (${code})`);
  process.exitCode = EXIT.failed;
});
process.stderr.on('error', () => {});
const exitCode = await run(process.argv.slice(2));
process.exitCode = unwritten && exitCode === EXIT.fine ? EXIT.failed : exitCode;

async function run(words: readonly string[]): Promise<number> {
  const [first = ''] = words;
  if (first === '--version') return run(['version', ...words.slice(1)]);
  if (first === 'help' || first === '--help' || first === '-h') return help(words.slice(1));
  const found = findCommand(words);
  if (found === undefined) return unknown(words);
  const { command, rest } = found;
  const before = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest;
  if (before.includes('--help') || before.includes('-h')) return help(command.name.split(' '));
  const asJson = before.includes('--json') && 'json' in command.options;
  try {
    const runner = await (RUNNERS[command.name] as (typeof RUNNERS)[string])();
    return await runner([...rest]);
  } catch (error) {
    const wrong = error instanceof UsageError;
    const { message } = error as Error;
    if (asJson) process.stderr.write(`${JSON.stringify({ error: message, ...saidBy(error) })}\n`);
    else say(wrong ? `${message}\nsee: meridian ${command.name} --help` : message);
    return wrong ? EXIT.usage : EXIT.failed;
  }
}

/** What the edge said, word for word, if it was the edge. */
function saidBy(error: unknown): object {
  const { said } = error as { said?: unknown };
  return typeof said === 'object' && said !== null ? said : {};
}

async function help(words: readonly string[]): Promise<number> {
  const { overviewText, helpText } = await import('./help.ts');
  const { pagesFile } = await import('./pages.ts');
  const found = words.length === 0 ? undefined : findCommand(words);
  if (found === undefined && words.length > 0) return unknown(words);
  process.stdout.write(found === undefined ? overviewText(pagesFile()) : helpText(found.command));
  return EXIT.fine;
}

async function unknown(words: readonly string[]): Promise<number> {
  const [first = '', second] = words;
  if (first === '') {
    const { overviewText } = await import('./help.ts');
    process.stderr.write(`meridian: a command is missing\n\n${overviewText(undefined)}`);
    return EXIT.usage;
  }
  const { didYouMean } = await import('../config/suggest.ts');
  const family = FAMILIES.includes(first);
  const of = COMMANDS.map(({ name }) => name).filter((name) => name.startsWith(`${first} `));
  if (family && (second === undefined || second.startsWith('-'))) {
    if (words.includes('--help') || words.includes('-h')) return helpFor(of);
    say(`${first} alone is no command; there are: ${of.map((name) => `meridian ${name}`).join(', ')}`);
    return EXIT.usage;
  }
  const written = family ? `${first} ${second}` : first;
  const names = family ? of : [...COMMANDS.map(({ name }) => name), ...FAMILIES];
  const there = family ? `there are: ${of.map((name) => `meridian ${name}`).join(', ')}` : 'meridian --help lists them';
  say(`no command "${written}"${didYouMean(written, names)}\n${there}`);
  return EXIT.usage;
}

async function helpFor(names: readonly string[]): Promise<number> {
  const { helpText } = await import('./help.ts');
  const texts = COMMANDS.filter(({ name }) => names.includes(name)).map(helpText);
  process.stdout.write(texts.join('\n'));
  return EXIT.fine;
}
