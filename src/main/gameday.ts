import { readRegularFile } from '../config/regular-file.ts';
import { parseGameday } from '../demo/gameday-script.ts';
import { GAMEDAY } from './commands/trying.ts';
import { runGameday } from './gameday-run.ts';
import { EXIT, parsed, UsageError } from './usage.ts';

/** Scripts that are larger are none. */
const FILE_BYTES_MAX = 256 * 1024;
const SPEED_MAX = 20;

/** Runs a game day from a file; exits 1 when its goal was missed. */
export async function gameday(args: string[]): Promise<number> {
  const { positionals, values } = parsed(GAMEDAY, args);
  const [file] = positionals;
  if (file === undefined || positionals.length > 1) {
    throw new UsageError('gameday takes one file, for example config/gamedays/region-down.yaml');
  }
  const speed = Number(values.speed ?? '1');
  if (!(speed >= 1 && speed <= SPEED_MAX)) throw new UsageError(`--speed is a number from 1 to ${SPEED_MAX}`);
  const script = parseGameday(await read(file), file);
  if ('problems' in script) throw new Error(`the game day is not good\n${script.problems}`);
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ending.abort());
  const print = (text: string) => void process.stdout.write(text);
  print(`${script.name}: ${script.about}${speed === 1 ? '' : `, at ${speed} times the speed`}\n`);
  const met = await runGameday({ script, speed, signal: ending.signal, print });
  return met ? EXIT.fine : EXIT.failed;
}

async function read(file: string): Promise<string> {
  const bytes = await readRegularFile(file, FILE_BYTES_MAX).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === undefined ? `: ${error.message}` : ` (${error.code}); check the path`;
    throw new Error(`${file} cannot be read${why}`, { cause: error });
  });
  return bytes.toString('utf8');
}
