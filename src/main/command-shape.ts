/** An option of a command, as `parseArgs` reads it and as people are told of it. */
export type OptionShape = {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  readonly multiple?: boolean;
  /** What its value is, such as FILE; a FILE is completed with the names of files. */
  readonly value?: string;
  readonly about: string;
};

/**
 * What there is to know of a command: help, completion, the page docs/cli.md and the parser go by it. It is nothing but data, so that
 * whoever asks for help, or mistypes, loads no command.
 */
export type CommandShape = {
  /** One word, or two: `chaos start`. */
  readonly name: string;
  /** One line, in lower case and without a full stop. */
  readonly about: string;
  /** What comes behind the name beside options; nothing may when it is left out. */
  readonly takes?: string;
  /** Words that may be what it takes, for completion. */
  readonly words?: readonly string[];
  readonly options: Readonly<Record<string, OptionShape>>;
  /** Further sentences, each a line. */
  readonly notes?: readonly string[];
  /** At least one; all of them are run by a test. */
  readonly examples: readonly string[];
};

export const CONFIG = {
  type: 'string',
  short: 'c',
  value: 'FILE',
  about: 'the configuration',
} as const satisfies OptionShape;

export const JSON_OPTION = {
  type: 'boolean',
  about: 'print JSON, errors too',
} as const satisfies OptionShape;

/** Options of every command that asks a running edge. */
export const EDGE_OPTIONS = {
  admin: { type: 'string', value: 'URL', about: 'the admin port of the edge to ask' },
  config: { ...CONFIG, about: 'ask the edge that runs with this configuration' },
  token: {
    type: 'string',
    value: 'TOKEN',
    about: 'its admin token; MERIDIAN_ADMIN_TOKEN keeps it out of the list of processes',
  },
} as const satisfies Readonly<Record<string, OptionShape>>;
