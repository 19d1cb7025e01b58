import type { CommandShape } from './command-shape.ts';
import * as asking from './commands/asking.ts';
import * as ordering from './commands/ordering.ts';
import * as serving from './commands/serving.ts';
import * as trying from './commands/trying.ts';

/** All commands under their headings, in the order in which they are shown. */
export const COMMAND_GROUPS: readonly { readonly title: string; readonly commands: readonly CommandShape[] }[] = [
  {
    title: 'Run it',
    commands: [serving.INIT, serving.VALIDATE, serving.START, serving.RELOAD, serving.HEALTHCHECK, serving.SCHEMA],
  },
  {
    title: 'Look at a running edge',
    commands: [
      asking.STATUS,
      asking.TOP,
      asking.ALERTS,
      asking.EXPLAIN,
      asking.SLO,
      asking.FLEET_STATUS,
      asking.CHAOS_LIST,
    ],
  },
  {
    title: 'Give it orders',
    commands: [
      ordering.DRAIN,
      ordering.UNDRAIN,
      ordering.WEIGHT,
      ordering.CAPACITY,
      ordering.CHAOS_START,
      ordering.CHAOS_STOP,
      ordering.PURGE,
    ],
  },
  {
    title: 'Keep values in the fleet',
    commands: [ordering.FLEET_SET, asking.FLEET_GET, asking.FLEET_LIST, asking.FLEET_WATCH, ordering.FLEET_DELETE],
  },
  {
    title: 'Try it out, and the rest',
    commands: [
      trying.DEMO,
      trying.DEMO_KILL,
      trying.DEMO_REVIVE,
      trying.DEMO_HANG,
      trying.DEMO_ORIGIN,
      trying.GAMEDAY,
      trying.GEO_UPDATE,
      serving.COMPLETION,
      serving.VERSION,
    ],
  },
];

export const COMMANDS: readonly CommandShape[] = COMMAND_GROUPS.flatMap(({ commands }) => commands);

/** First words that are nothing without a second one: `chaos`, `fleet`, `geo`. */
export const FAMILIES: readonly string[] = [
  ...new Set(COMMANDS.map(({ name }) => name.split(' ', 1)[0] as string)),
].filter((word) => !COMMANDS.some(({ name }) => name === word));

/** The command that these words begin with, and the words behind it; the longer name wins. */
export function findCommand(
  words: readonly string[],
): { readonly command: CommandShape; readonly rest: readonly string[] } | undefined {
  for (const count of [2, 1]) {
    const name = words.slice(0, count).join(' ');
    const command = words.length >= count ? COMMANDS.find((one) => one.name === name) : undefined;
    if (command !== undefined) return { command, rest: words.slice(count) };
  }
  return undefined;
}
