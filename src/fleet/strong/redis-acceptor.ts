import { randomUUID } from 'node:crypto';
import type { Given, Script } from '../redis-script.ts';
import type { Acceptor, Entry, Life } from './acceptor.ts';
import { BALLOT_DIGITS } from './ballot.ts';
import { ACCEPT, ADMIT, DUMP, ERASE, FENCE, INSTALL, STAND, VOTE } from './redis-acceptor-scripts.ts';

type Lists = Readonly<Record<string, readonly string[]>>;

/**
 * Runs a script on a server's connection within a limit, and gives it the server's own name for its run, as that very connection
 * knows it.
 */
export type RunScript = <A extends string, L extends Lists>(
  script: Script<A, L>,
  given: (run: string) => Given<A, L>,
  limitMs: number,
) => Promise<readonly string[]>;

/** Records that one answer has at most. */
const DUMP_MAX = 100;

/** One region's Redis or Valkey server as a voter. */
export function redisAcceptor(run: RunScript, isConnected: () => boolean): Acceptor {
  const only = (lists: object) => lists as never;
  const isDone = (reply: readonly string[]) => reply[0] === '1';
  return {
    isConnected,
    vote: async (key, ballot, limitMs) => {
      const reply = await run(VOTE, (of) => ({ args: { run: of, key, ballot }, lists: only({}) }), limitMs);
      const [granted, member, generation = '', life = '', promised = '', accepted = '', ...lives] = reply;
      return {
        granted: granted === '1',
        member: member === '1',
        generation,
        life,
        promised,
        accepted: acceptedOf(accepted),
        lives: livesOf(lives),
      };
    },
    accept: async ({ key, ballot, life, text }, limitMs) => {
      const args = { key, ballot, granted_by: life, text };
      return isDone(await run(ACCEPT, (of) => ({ args: { ...args, run: of }, lists: only({}) }), limitMs));
    },
    stand: async (limitMs) => {
      const fresh = randomUUID();
      const reply = await run(STAND, (of) => ({ args: { run: of, fresh }, lists: only({}) }), limitMs);
      const [member, generation = '', life = '', floor = '', ...lives] = reply;
      return { member: member === '1', generation, life, floor, lives: livesOf(lives) };
    },
    fence: async ({ generation, lives }, limitMs) =>
      isDone(
        await run(
          FENCE,
          (of) => ({ args: { run: of, next: generation }, lists: { lives: lives.map(lifeArguments) } }),
          limitMs,
        ),
      ),
    dump: async (after, limitMs) => {
      const args = { place: after, most: DUMP_MAX };
      const [next, more, ...found] = await run(DUMP, () => ({ args, lists: only({}) }), limitMs);
      return { entries: entriesOf(found), after: Number(next), more: more === '1' };
    },
    install: async ({ life, generation, clear, entries }, limitMs) => {
      const args = { of_life: life, since_fence: generation, clear: clear ? 1 : 0 };
      const all = entries.map(({ key, accepted }) => ({ key, text: accepted.ballot + accepted.text }));
      return isDone(await run(INSTALL, (of) => ({ args: { ...args, run: of }, lists: { entries: all } }), limitMs));
    },
    admit: async ({ region, life, generation, floor, lives }, limitMs) => {
      const args = { of_life: life, since_fence: generation, to: floor };
      const all = [...lives, { region, generation, life }].map(lifeArguments);
      return isDone(await run(ADMIT, (of) => ({ args: { ...args, run: of }, lists: { lives: all } }), limitMs));
    },
    erase: async ({ key, promised, accepted }, limitMs) => {
      const args = { key, was_promised: promised, was_accepted: accepted };
      return isDone(await run(ERASE, (of) => ({ args: { ...args, run: of }, lists: only({}) }), limitMs));
    },
  };
}

function lifeArguments({ region, generation, life }: Life) {
  return { region, since: generation, of: life };
}

/** Ballot and text in one. */
function acceptedOf(stored: string): Entry['accepted'] | undefined {
  if (stored === '') return undefined;
  return { ballot: stored.slice(0, BALLOT_DIGITS), text: stored.slice(BALLOT_DIGITS) };
}

function entriesOf(flat: readonly string[]): readonly Entry[] {
  return pairs(flat).flatMap(([key, stored]) => {
    const accepted = acceptedOf(stored);
    return accepted === undefined ? [] : [{ key, accepted }];
  });
}

/** `generation life` by region. */
function livesOf(flat: readonly string[]): readonly Life[] {
  return pairs(flat).map(([region, text]) => {
    const space = text.indexOf(' ');
    return { region, generation: text.slice(0, space), life: text.slice(space + 1) };
  });
}

function pairs(flat: readonly string[]): readonly (readonly [string, string])[] {
  return flat.flatMap((one, at) => (at % 2 === 0 ? [[one, flat[at + 1] ?? ''] as const] : []));
}
