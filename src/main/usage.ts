import { parseArgs } from 'node:util';
import { didYouMean } from '../config/suggest.ts';
import type { CommandShape } from './command-shape.ts';

export const EXIT = { fine: 0, failed: 1, usage: 2 } as const;

/** The command was given wrong; its message says what is right. */
export class UsageError extends Error {}

type Parsed<S extends CommandShape> = ReturnType<
  typeof parseArgs<{ options: S['options']; allowPositionals: true; strict: true }>
>;

/** Reads what was written behind the name of a command. Throws a `UsageError` that says which word is wrong. */
export function parsed<const S extends CommandShape>(shape: S, args: readonly string[]): Parsed<S> {
  try {
    const read = parseArgs({ args: [...args], options: shape.options, allowPositionals: true, strict: true });
    const [word] = read.positionals;
    if (word !== undefined && shape.takes === undefined) {
      throw new UsageError(`${shape.name} takes no "${word}"; options begin with two dashes`);
    }
    return read as Parsed<S>;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(complaint(shape, error as NodeJS.ErrnoException));
  }
}

/** What `parseArgs` complains of, in our words. */
function complaint({ name, options }: CommandShape, { code, message }: NodeJS.ErrnoException): string {
  const option = /'(?:-\w, )?(--?[^\s'<=]+)/.exec(message)?.[1] ?? '';
  switch (code) {
    case 'ERR_PARSE_ARGS_UNKNOWN_OPTION': {
      const near = didYouMean(option.replace(/^--?/, ''), Object.keys(options));
      return `${name} has no option ${option}${near.replace('"', '"--')}`;
    }
    case 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE': {
      const value = Object.entries(options).find(([key]) => `--${key}` === option)?.[1].value;
      return value === undefined ? `${option} takes no value` : `${option} needs a value: ${option} ${value}`;
    }
    default:
      return message;
  }
}
