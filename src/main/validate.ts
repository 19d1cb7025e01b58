import { namedFileFaults } from '../compose/named-files.ts';
import { loadTopology, locateFaults } from '../config/load.ts';
import { formatProblems } from '../config/problem.ts';
import { EXIT, parsed, UsageError } from './usage.ts';

/** Checks a file and the files that it names: prints what it holds and exits 0, or every problem and exits 1. */
export async function validate(args: string[]): Promise<number> {
  const { positionals, values } = parsed({
    args,
    allowPositionals: true,
    options: { config: { type: 'string', short: 'c' }, 'no-files': { type: 'boolean', default: false } },
  });
  const file = values.config ?? positionals[0];
  if (file === undefined || positionals.length > 1) throw new UsageError('validate takes one file');
  const result = await loadTopology(file, process.env);
  if (!result.ok) {
    process.stderr.write(`${formatProblems(file, result.problems)}\n`);
    return EXIT.failed;
  }
  // Where the files are not: a file for another machine, checked before it is sent there.
  const faults = values['no-files'] ? [] : await namedFileFaults(result.topology);
  if (faults.length > 0) {
    process.stderr.write(`${formatProblems(file, await locateFaults(file, faults))}\n`);
    return EXIT.failed;
  }
  const { services } = result.topology;
  const endpoints = services.reduce((sum, service) => sum + service.endpoints.length, 0);
  process.stdout.write(`${file}: good; ${services.length} services, ${endpoints} endpoints\n`);
  return EXIT.fine;
}
