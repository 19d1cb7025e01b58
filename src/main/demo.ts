import { parseCommand } from '../demo/command.ts';
import { runOrigin } from './demo-origin.ts';
import { runDemo } from './demo-run.ts';
import { tell } from './demo-tell.ts';
import { EXIT, UsageError } from './usage.ts';

const USAGE = `Usage: meridian demo [--for TIME] [--port N] [--rate N]
       meridian demo kill|revive|hang REGION|CLOUD
       meridian demo origin --cloud CLOUD --region REGION --listen HOST:PORT [--delay TIME]

  demo                    run six regional origins, an edge in front of them and clients, all on this machine
    --for 20s             end after this time, with a summary; without it: q or Ctrl-C
    --port N              use the ports N to N+7: the edge, its admin port, the origins; 0 (default) takes free ones
    --rate N              requests a second of the demo's own clients, 1 to 1000; default 60
  kill, revive, hang      tell the demo that runs in another terminal: one region (gcp/europe-west1) or a cloud (gcp)
  origin                  run one origin alone
`;

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
      process.stdout.write(USAGE);
      return EXIT.fine;
    case 'wrong':
      throw new UsageError(command.message);
    default:
      return command satisfies never;
  }
}
