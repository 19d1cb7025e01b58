import { readRegularFile } from '../config/regular-file.ts';
import type { GamedayFigures } from '../demo/gameday-report.ts';
import { type GamedayScript, parseGameday } from '../demo/gameday-script.ts';
import { type EdgeSide, gamedayAnswer, gamedayTable } from '../demo/gameday-table.ts';
import { GAMEDAY } from './commands/trying.ts';
import { type GamedayRun, runGameday } from './gameday-run.ts';
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
  const show = values.json === true ? asJson(script, speed) : asText(script, speed);
  const { signal } = ending;
  const met = await runGameday({
    script,
    speed,
    signal,
    ...show,
    report: (...it) => show.report(signal.aborted, ...it),
  });
  return met ? EXIT.fine : EXIT.failed;
}

type Show = Pick<GamedayRun, 'say'> & {
  readonly report: (aborted: boolean, figures: GamedayFigures, edge: EdgeSide) => void;
};

function asText(script: GamedayScript, speed: number): Show {
  const print = (text: string) => void process.stdout.write(text);
  print(`${script.name}: ${script.about}${speed === 1 ? '' : `, at ${speed} times the speed`}\n`);
  return {
    say: (atMs, what) => print(`${(atMs / 1000).toFixed(1).padStart(6)} s  ${what}\n`),
    report: (aborted, figures, edge) => {
      print(`\n${gamedayTable(script, figures, edge)}`);
      if (aborted) print('it was ended before its time\n');
    },
  };
}

/** One object at the end, and nothing before. */
function asJson(script: GamedayScript, speed: number): Show {
  const steps: { readonly atMs: number; readonly what: string }[] = [];
  return {
    say: (atMs, what) => void steps.push({ atMs: Math.round(atMs), what }),
    report: (aborted, figures, edge) => {
      const answer = { speed, ...gamedayAnswer(script, figures, edge), aborted, steps };
      process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
    },
  };
}

async function read(file: string): Promise<string> {
  const bytes = await readRegularFile(file, FILE_BYTES_MAX).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === undefined ? `: ${error.message}` : ` (${error.code}); check the path`;
    throw new Error(`${file} cannot be read${why}`, { cause: error });
  });
  return bytes.toString('utf8');
}
