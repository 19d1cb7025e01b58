import { loadTopology } from '../config/load.ts';
import { formatProblems } from '../config/problem.ts';
import { EXIT, parsed, UsageError } from './usage.ts';

/** Checks a file: prints what it holds and exits 0, or every problem and exits 1. */
export async function validate(args: string[]): Promise<number> {
  const { positionals, values } = parsed({
    args,
    allowPositionals: true,
    options: { config: { type: 'string', short: 'c' } },
  });
  const file = values.config ?? positionals[0];
  if (file === undefined || positionals.length > 1) throw new UsageError('validate takes one file');
  const result = await loadTopology(file, process.env);
  if (!result.ok) {
    process.stderr.write(`${formatProblems(file, result.problems)}\n`);
    return EXIT.failed;
  }
  const { services } = result.topology;
  const endpoints = services.reduce((sum, service) => sum + service.endpoints.length, 0);
  process.stdout.write(`${file}: good; ${services.length} services, ${endpoints} endpoints\n`);
  return EXIT.fine;
}
