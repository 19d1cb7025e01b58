#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import { Signals } from './main/signals.ts';
import { EXIT, UsageError } from './main/usage.ts';

const USAGE = `Usage: meridian <command> [options]

  start -c FILE                  run the proxy with this configuration
  validate FILE [--no-files]     check a configuration, and the files that it names, and print every problem
  explain -c FILE --client-ip IP [--priority P] [--service S] [--live] [--json]
                                 show where a request would go, and why
  slo [-c FILE] [--live]         print what objectives allow, and what is left of each service's error budget
  fleet status                   how the fleet is as a running edge sees it, and what operators decided
  drain WHERE --reason TEXT [--for TIME] [--actor NAME]
                                 send nothing to a region (gcp/europe-west1), a cloud or an endpoint
  undrain WHERE                  send to it again
  weight WHERE SHARE --reason TEXT [--for TIME]
                                 leave it this share of its requests, 0.1 or 10%; 1 lifts it
  capacity WHERE COUNT --reason TEXT [--for TIME]
                                 take it to be built for so many requests in flight; "configured" lifts it
  geo update FROM [-c FILE | --to FILE] [--force]
                                 put a newer .mmdb (or .mmdb.gz, or a package's folder) in the place of the one in use
  schema                         print the JSON Schema of the configuration
  healthcheck [--url URL]        exit 0 if a running edge is ready
  demo [--for TIME] [--port N]   try it out: six regional origins and an edge on this machine
  gameday FILE [--speed N]       run a scripted failure against the demo's origins and count what clients notice

WHERE is gcp/europe-west1, --cloud azure or --endpoint ID, the first two also with --service S. Orders are signed with your
user name, or with --actor NAME. The running edge is that of --admin URL, of -c FILE, or the one on this machine; the token
that of --token, of the file, or of MERIDIAN_ADMIN_TOKEN.

Exit codes: 0 fine, 1 the file or the run failed, 2 wrong usage.
`;

type Command = (args: string[]) => Promise<number>;

/**
 * Each command's modules are loaded when it is run: what one does not need, it does not wait for and does not hold. `start` listens
 * to signals before anything else is read.
 */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  start: async () => {
    const signals = new Signals({ on: listen, say, exit: () => process.exit(EXIT.fine) });
    const { start } = await import('./main/start.ts');
    return (args) => start(args, { signals, say });
  },
  validate: async () => (await import('./main/validate.ts')).validate,
  explain: async () => (await import('./main/explain.ts')).explain,
  slo: async () => (await import('./main/slo.ts')).slo,
  fleet: async () => (await import('./main/fleet.ts')).fleet,
  drain: () => overriding('drain'),
  undrain: () => overriding('undrain'),
  weight: () => overriding('weight'),
  capacity: () => overriding('capacity'),
  geo: async () => (await import('./main/geo.ts')).geo,
  schema: async () => (await import('./main/schema.ts')).schema,
  healthcheck: async () => (await import('./main/healthcheck.ts')).healthcheck,
  demo: async () => (await import('./main/demo.ts')).demo,
  gameday: async () => (await import('./main/gameday.ts')).gameday,
};

async function overriding(action: 'drain' | 'undrain' | 'weight' | 'capacity'): Promise<Command> {
  return (await import('./main/override.ts')).overrideCommand(action);
}

// Loading modules makes much garbage once. The young generation would grow to 32 MiB for it and stay so; every thread that makes
// more than that once sets its own limits.
setFlagsFromString('--semi-space-growth-factor=1');

// Whoever read our output may go; that ends nothing.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});
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
    return await (await found())(args);
  } catch (error) {
    say((error as Error).message);
    return error instanceof UsageError ? EXIT.usage : EXIT.failed;
  }
}

function listen(signal: NodeJS.Signals, listener: () => void): void {
  try {
    process.on(signal, listener);
  } catch {
    // A system that does not have it does not send it.
  }
}

function say(line: string): void {
  process.stderr.write(`meridian: ${line}\n`);
}
