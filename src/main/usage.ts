import { type ParseArgsConfig, parseArgs } from 'node:util';

export const EXIT = { fine: 0, failed: 1, usage: 2 } as const;

/** The command was given wrong; its message says what is right. */
export class UsageError extends Error {}

/** `parseArgs`, with its complaints as usage errors. */
export function parsed<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
