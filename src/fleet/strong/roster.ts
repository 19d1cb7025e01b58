import { type Acceptor, type Entry, type Life, type Standing } from './acceptor.ts';
import { type Ballot, latest, nextGeneration } from './ballot.ts';
import { mostOf, type Voters } from './ballot-round.ts';

/*
 * Who votes. A store that was emptied or restarted has forgotten what it promised, or may have, and is no member until it has been
 * taken in again: it is given what most regions, all of them members, have accepted.
 *
 * Before they are asked, these are fenced: from then on they grant and accept nothing of the generation before. Whatever was on
 * its way, and counts on what the lost life promised, needs one of them and fails there. So what they have then is all that was
 * ever accepted by most, and the store that is taken in votes only under ballots that are later than any that its lost life voted under.
 * They also take note of the new life, so that a server which was replaced and lives on somewhere is not counted with them.
 *
 * While fewer than most are members (the first time, or after most were restarted at once) nobody knows what was promised. Then all
 * regions must be there: they are taken in together, each key with the latest that any of them has. What was accepted by most is among
 * that unless those that had it all lost it: then it is up to what the servers keep on disk (docs/fleet.md says so).
 *
 * Any edge may do this at any time; two that do it at once are told apart by the generation, which only one of them can set at a
 * store, and whoever is overtaken gives up.
 */

export type RosterDeps = {
  readonly voters: Voters;
  readonly limitMs: number;
};

/** What became of looking after the members. */
export type Mended = {
  readonly members: readonly string[];
  /** Regions that were taken in. */
  readonly admitted: readonly string[];
  /** Whether all were taken in together. */
  readonly founded: boolean;
  /** Why there are still regions that do not vote; empty when there are none. */
  readonly trouble: string;
};

type Asked = { readonly region: string; readonly acceptor: Acceptor; readonly standing: Standing };

/** Entries that are given at once, and their characters. */
const INSTALL_MAX = 100;
const INSTALL_CHARACTERS = 256 * 1024;

/** Takes in every store that is there and is no member, if that can be done now. Never rejects. */
export async function mendRoster(deps: RosterDeps): Promise<Mended> {
  const asked = await askAll(deps);
  const members = asked.filter(({ standing }) => standing.member);
  const names = members.map(({ region }) => region);
  const others = asked.filter(({ standing }) => !standing.member);
  const silent = deps.voters.size - asked.length;
  const founds = members.length < mostOf(deps.voters);
  if (others.length === 0) return { members: names, admitted: [], founded: false, trouble: missing(silent) };
  if (founds && silent > 0) {
    const trouble = `${members.length} of ${deps.voters.size} regions vote; to take in the others, all must be there, and ${silent} are not`;
    return { members: names, admitted: [], founded: false, trouble };
  }
  try {
    const admitted = await takeIn(deps, { from: founds ? asked : members, others, founds });
    return { members: [...names, ...admitted], admitted, founded: founds, trouble: missing(silent) };
  } catch (error) {
    return { members: names, admitted: [], founded: false, trouble: (error as Error).message };
  }
}

function missing(silent: number): string {
  return silent === 0 ? '' : `${silent} regions cannot be asked`;
}

type Plan = { readonly from: readonly Asked[]; readonly others: readonly Asked[]; readonly founds: boolean };

async function takeIn(deps: RosterDeps, { from, others, founds }: Plan): Promise<readonly string[]> {
  const fenced = founds ? from : [...from, ...others];
  const generation = nextGeneration(fenced.map(({ standing }) => standing.generation));
  const lives = others.map(({ region, standing: { life } }): Life => ({ region, generation, life }));
  await Promise.all(
    fenced.map(async ({ region, acceptor }) => {
      if (!(await acceptor.fence({ generation, lives }, deps.limitMs)))
        throw new Error(`${region}: another edge is at it`);
    }),
  );
  const known = await Promise.all(from.map((one) => readAll(one, deps.limitMs)));
  const entries = latestOf(known.flatMap((one) => one.entries));
  const floor = latest(known.map((one) => one.standing.floor));
  const allLives = known.flatMap((one) => one.standing.lives);
  return Promise.all(
    others.map(async ({ region, acceptor, standing: { life } }) => {
      const given = { life, generation };
      for (const [at, part] of parts(entries).entries()) {
        const done = await acceptor.install({ ...given, clear: at === 0 && !founds, entries: part }, deps.limitMs);
        if (!done) throw new Error(`${region}: it changed while it was being taken in`);
      }
      const admitted = await acceptor.admit({ ...given, region, floor, lives: allLives }, deps.limitMs);
      if (!admitted) throw new Error(`${region}: it changed while it was being taken in`);
      return region;
    }),
  );
}

async function askAll({ voters, limitMs }: RosterDeps): Promise<readonly Asked[]> {
  const all = await Promise.all(
    [...voters].map(async ([region, acceptor]): Promise<Asked | undefined> => {
      if (!acceptor.isConnected()) return undefined;
      const standing = await acceptor.stand(limitMs).catch(() => undefined);
      return standing && { region, acceptor, standing };
    }),
  );
  return all.filter((one) => one !== undefined);
}

/** All that a store has accepted. It has been fenced, and must still be in the same life and state at the end. */
async function readAll({ region, acceptor, standing }: Asked, limitMs: number) {
  const entries: Entry[] = [];
  for (let [place, more] = [0, true]; more; ) {
    const dump = await acceptor.dump(place, limitMs);
    entries.push(...dump.entries);
    [place, more] = [dump.after, dump.more];
  }
  const now = await acceptor.stand(limitMs);
  if (now.life !== standing.life || now.member !== standing.member) {
    throw new Error(`${region}: it changed while it was being read`);
  }
  return { entries, standing: now };
}

function latestOf(entries: readonly Entry[]): readonly Entry[] {
  const found = new Map<string, Entry>();
  for (const entry of entries) {
    const known: Ballot = found.get(entry.key)?.accepted.ballot ?? '';
    if (entry.accepted.ballot > known) found.set(entry.key, entry);
  }
  return [...found.values()];
}

/** At least one part, so that the first clears what was there. */
function parts(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  const all: Entry[][] = [[]];
  let characters = 0;
  for (const entry of entries) {
    characters += entry.accepted.text.length;
    let last = all.at(-1) as Entry[];
    if (last.length >= INSTALL_MAX || characters > INSTALL_CHARACTERS) {
      last = [];
      all.push(last);
      characters = entry.accepted.text.length;
    }
    last.push(entry);
  }
  return all;
}
