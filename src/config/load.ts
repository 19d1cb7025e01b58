import { buildTopology } from './build.ts';
import { FILE_BYTES_MAX, readConfigFile, readSecretFile } from './config-file.ts';
import { type MadeText, type Sources, substitute } from './environment.ts';
import type { Fault } from './kind.ts';
import { type Path, type Problem, pathText, sortedProblems } from './problem.ts';
import { ruleFaults } from './rules.ts';
import { DOCUMENT, type Document } from './schema.ts';
import type { Topology } from './topology.ts';
import { withoutSecrets } from './without-secrets.ts';
import { readYaml, type YamlFile } from './yaml.ts';
import { readWith } from './zod-schema.ts';

/** A topology, or everything that is wrong with the file, in the order of its lines. */
export type Parsed =
  | { readonly ok: true; readonly topology: Topology }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** `file` is where it is, for `Topology.file` and so that nothing is written over it; `readFile` serves `${file:…}` and may throw. */
export type ParseOptions = Sources & { readonly file: string };

/** Reads a configuration from a file. Never rejects: a file that cannot be read is one problem that says why. */
export async function loadTopology(file: string, env: Sources['env']): Promise<Parsed> {
  const read = await readConfigFile(file);
  if (!read.ok) return wholeFile(`cannot be read: ${read.reason}`);
  return parseTopology(read.text, { file, env, readFile: readSecretFile });
}

/** Where in a file the keys are that faults were found at later, when it had been read. */
export async function locateFaults(file: string, faults: readonly Fault[]): Promise<readonly Problem[]> {
  const read = await readConfigFile(file);
  const yaml = read.ok ? readYaml(read.text) : undefined;
  return faults.map(({ path, message, part }) => {
    const at = yaml === undefined || 'problems' in yaml ? { line: 1, column: 1 } : yaml.locate(path, part ?? 'value');
    return { ...at, path: pathText(path), message };
  });
}

/** Reads a configuration from its text. Pure but for `readFile`; never throws. */
export function parseTopology(text: string, { file, env, readFile }: ParseOptions): Parsed {
  if (text.length > FILE_BYTES_MAX) return wholeFile('is larger than 8 MiB, the most a configuration may be');
  const yaml = readYaml(text);
  if ('problems' in yaml) return { ok: false, problems: sortedProblems(yaml.problems) };
  if (yaml.value === null || yaml.value === undefined) {
    return wholeFile('is empty; a configuration needs at least "version: 1" and "services:"');
  }
  const { value, faults, made } = substitute(yaml.value, { env, readFile });
  const read = readTwice(value, made);
  const refused = 'value' in read.result ? [] : read.result.faults;
  const all = firstAtEachPlace(faults, refused, ruleFaults(read.value, file));
  if (all.length === 0 && 'value' in read.result) return { ok: true, topology: buildTopology(read.result.value, file) };
  return { ok: false, problems: sortedProblems(all.map((fault) => toProblem(fault, yaml, made))) };
}

/**
 * A variable that holds `007` is the number 7 where a number is wanted and the text `007` where a text is. Which of them
 * is only known once the schema has looked: what it does not take as a number or boolean it is shown again as a text.
 */
function readTwice(
  value: unknown,
  made: ReadonlyMap<string, MadeText>,
): { readonly value: unknown; readonly result: ReturnType<typeof readWith<Document>> } {
  const result = readWith(DOCUMENT.schema, value);
  if ('value' in result || made.size === 0) return { value, result };
  const refused = new Set(result.faults.map(({ path }) => JSON.stringify(path)));
  const asTexts = withTexts(value, [], (path) => (refused.has(path) ? made.get(path)?.text : undefined));
  return { value: asTexts, result: readWith(DOCUMENT.schema, asTexts) };
}

function withTexts(value: unknown, path: Path, textAt: (path: string) => string | undefined): unknown {
  if (Array.isArray(value)) return value.map((item, index) => withTexts(item, [...path, index], textAt));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, withTexts(item, [...path, name], textAt)]),
    );
  }
  return textAt(JSON.stringify(path)) ?? value;
}

function toProblem(fault: Fault, yaml: YamlFile, made: ReadonlyMap<string, MadeText>): Problem {
  const position = yaml.locate(fault.path, fault.part ?? 'value');
  return { ...position, path: pathText(fault.path), message: withoutSecrets(fault, made) };
}

/** The faults of which no other, found earlier, is at the same place: one remedy at a time is enough. */
function firstAtEachPlace(...found: readonly (readonly Fault[])[]): readonly Fault[] {
  const taken = new Set<string>();
  return found.flatMap((faults) => {
    const fresh = faults.filter(({ path }) => !taken.has(JSON.stringify(path)));
    for (const { path } of fresh) taken.add(JSON.stringify(path));
    return fresh;
  });
}

function wholeFile(message: string): Parsed {
  return { ok: false, problems: [{ line: 1, column: 1, path: '', message }] };
}
