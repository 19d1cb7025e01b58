import { loadTopology } from '../config/load.ts';
import { formatProblems } from '../config/problem.ts';
import type { Topology } from '../config/topology.ts';
import { UsageError } from './usage.ts';

/** Reads the file of `-c`. Throws with every problem, one a line, when it is not good. */
export async function load(file: string | undefined): Promise<Topology> {
  if (file === undefined) throw new UsageError('which file? Give it with -c FILE, for example -c config/meridian.yaml');
  const parsed = await loadTopology(file, process.env);
  if (parsed.ok) return parsed.topology;
  throw new Error(`the configuration is not good\n${formatProblems(file, parsed.problems)}`);
}
