import { parseCommand } from '../demo/command.ts';
import { DEMO } from './commands/trying.ts';
import { runOrigin } from './demo-origin.ts';
import { runDemo } from './demo-run.ts';
import { tell } from './demo-tell.ts';
import { helpText } from './help.ts';
import { EXIT, UsageError } from './usage.ts';

/** Tries Meridian out: runs the demo, talks to one that runs, or runs one of its origins. */
export async function demo(args: string[]): Promise<number> {
  const command = parseCommand(args);
  switch (command.type) {
    case 'run':
      return runDemo(command);
    case 'origin':
      return runOrigin(command);
    case 'tell':
      return tell(command.verb, command.target);
    case 'help':
      process.stdout.write(helpText(DEMO));
      return EXIT.fine;
    case 'wrong':
      throw new UsageError(command.message);
    default:
      return command satisfies never;
  }
}
