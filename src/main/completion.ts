import { COMMANDS } from './command-list.ts';
import { COMPLETION } from './commands/serving.ts';
import { completionScript, isShell } from './completion-script.ts';
import { EXIT, parsed, UsageError } from './usage.ts';

/** `meridian completion bash|zsh|fish` */
export async function completion(args: string[]): Promise<number> {
  const { positionals } = parsed(COMPLETION, args);
  const [shell = ''] = positionals;
  if (!isShell(shell) || positionals.length > 1) {
    throw new UsageError(`completion takes one shell: ${COMPLETION.words.join(', ')}`);
  }
  process.stdout.write(completionScript(shell, COMMANDS));
  return EXIT.fine;
}
