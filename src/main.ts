#!/usr/bin/env node
import { demo } from './main/demo.ts';
import { explain } from './main/explain.ts';
import { gameday } from './main/gameday.ts';
import { healthcheck } from './main/healthcheck.ts';
import { schema } from './main/schema.ts';
import { slo } from './main/slo.ts';
import { start } from './main/start.ts';
import { EXIT, UsageError } from './main/usage.ts';
import { validate } from './main/validate.ts';

const USAGE = `Usage: meridian <command> [options]

  start -c FILE                  run the proxy with this configuration
  validate FILE                  check a configuration and print every problem
  explain -c FILE --client-ip IP [--priority P] [--service S] [--live] [--json]
                                 show where a request would go, and why
  slo [-c FILE] [--live]         print what objectives allow, and what is left of each service's error budget
  schema                         print the JSON Schema of the configuration
  healthcheck [--url URL]        exit 0 if a running edge is ready
  demo [--for TIME] [--port N]   try it out: six regional origins and an edge on this machine
  gameday FILE [--speed N]       run a scripted failure against the demo's origins and count what clients notice

Exit codes: 0 fine, 1 the file or the run failed, 2 wrong usage.
`;

type Command = (args: string[]) => Promise<number>;

const COMMANDS: Readonly<Record<string, Command>> = {
  start,
  validate,
  explain,
  slo,
  schema,
  healthcheck,
  demo,
  gameday,
};

const [name = '', ...rest] = process.argv.slice(2);
process.exitCode = await run(name, rest);

async function run(command: string, args: string[]): Promise<number> {
  if (command === '--help' || command === '-h' || command === 'help') {
    process.stdout.write(USAGE);
    return EXIT.fine;
  }
  const found = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
  if (found === undefined) {
    process.stderr.write(
      `meridian: ${command === '' ? 'a command is missing' : `no command "${command}"`}\n\n${USAGE}`,
    );
    return EXIT.usage;
  }
  try {
    return await found(args);
  } catch (error) {
    process.stderr.write(`meridian: ${(error as Error).message}\n`);
    return error instanceof UsageError ? EXIT.usage : EXIT.failed;
  }
}
