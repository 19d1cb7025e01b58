import { compareText } from './compare-text.ts';

/** A step into the YAML: a key of a mapping or an index of a list. */
export type Path = readonly (string | number)[];

/** Something wrong in a configuration file; line and column count from 1. */
export type Problem = {
  readonly line: number;
  readonly column: number;
  /** As `pathText` writes it; empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
};

/** Further problems are counted, not printed: nobody reads past a hundred. */
export const PROBLEMS_PRINTED_MAX = 100;

/** One line: `file:line:column path: message`, the form that editors and terminals make clickable. */
export function formatProblem(file: string, problem: Problem): string {
  const where = `${file}:${problem.line}:${problem.column}`;
  return problem.path === '' ? `${where} ${problem.message}` : `${where} ${problem.path}: ${problem.message}`;
}

/** Every problem, one a line, in the order of the file; after `PROBLEMS_PRINTED_MAX` of them only how many more. */
export function formatProblems(file: string, problems: readonly Problem[]): string {
  const lines = sortedProblems(problems)
    .slice(0, PROBLEMS_PRINTED_MAX)
    .map((problem) => formatProblem(file, problem));
  const more = problems.length - lines.length;
  return more > 0 ? [...lines, `... and ${more} more`].join('\n') : lines.join('\n');
}

/** The problems by line, then column, then path, so that the same file always prints the same text. */
export function sortedProblems(problems: readonly Problem[]): readonly Problem[] {
  return problems.toSorted((a, b) => a.line - b.line || a.column - b.column || compareText(a.path, b.path));
}

/** `services.shop.endpoints[0].url`; a key that is not a plain name is quoted. */
export function pathText(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (!/^[\w-]+$/.test(step)) text += `[${JSON.stringify(step)}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
}
