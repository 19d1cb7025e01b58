import { basename, dirname, join, matchesGlob } from 'node:path';
import {
  DOORS,
  FLOORS,
  ONLY,
  OUTSIDE,
  OUTSIDE_MODULES,
  type Outside,
  PACKAGE_DOORS,
  PURE_MODULES,
  PURE_ROOMS,
  SIDEWAYS,
  type Sideways,
} from './house.ts';
import type { Import, Source } from './source.ts';

/** The room of a file in src/: its folder, or its own name at the top. Undefined where the plan has no such room. */
export function roomOf(path: string): string | undefined {
  const name = /^src\/([^/]+?)(?:\.ts)?(?:\/|$)/.exec(path)?.[1];
  const top = /^src\/[^/]+$/.test(path);
  if (top && name !== 'main' && name !== 'compose') return undefined;
  return FLOORS.some((floor) => floor.includes(name ?? '')) ? name : undefined;
}

/** Imports of a source in src/ that go up or sideways, or to none of `files`: Node follows a path to the letter. */
export function wrongImports(source: Source, files: readonly string[]): readonly string[] {
  return source.imports
    .filter((entry) => entry.specifier.startsWith('.'))
    .flatMap((entry) => {
      const target = join(dirname(source.path), entry.specifier);
      const problem = files.includes(target) ? wrongWay(source.path, target, entry) : 'no such file';
      return problem === undefined ? [] : [`${source.path}:${entry.line} imports ${target}: ${problem}`];
    });
}

function wrongWay(from: string, to: string, entry: Import): string | undefined {
  const [room, target] = [roomOf(from), roomOf(to)];
  if (room === undefined) return 'it is in no room';
  if (target === undefined) return to.startsWith('src/') ? 'not a room' : 'outside src/';
  if (ONLY[from] !== undefined && !ONLY[from].includes(target)) return `it may know ${ONLY[from].join(' and ')} only`;
  if (room === target) return undefined;
  const [floor, below] = [floorOf(room), floorOf(target)];
  if (floor > below) return 'upwards';
  if (floor < below) return undefined;
  return sidewaysEntry(from, to, entry) === undefined ? 'sideways' : undefined;
}

function floorOf(room: string): number {
  return FLOORS.findIndex((floor) => floor.includes(room));
}

function sidewaysEntry(from: string, to: string, entry: Import): Sideways | undefined {
  return SIDEWAYS.find(
    (allowed) => matchesGlob(from, allowed.from) && matchesGlob(to, allowed.to) && (entry.types || !allowed.types),
  );
}

/** Entries of the sideways table that no import needs. */
export function idleSideways(sources: readonly Source[]): readonly string[] {
  const used = new Set<Sideways | undefined>();
  for (const source of sources) {
    for (const entry of source.imports.filter(({ specifier }) => specifier.startsWith('.'))) {
      used.add(sidewaysEntry(source.path, join(dirname(source.path), entry.specifier), entry));
    }
  }
  return SIDEWAYS.filter((allowed) => !used.has(allowed)).map(({ from, to }) => `${from} → ${to}`);
}

/** npm packages that a source in src/ imports without being a door to them, and Node modules in a pure room. */
export function wrongPackages(source: Source): readonly string[] {
  return source.imports
    .filter((entry) => !entry.specifier.startsWith('.'))
    .flatMap(({ specifier, line }) => {
      const problem = specifier.startsWith('node:')
        ? wrongModule(source.path, specifier)
        : wrongPackage(source, specifier);
      return problem === undefined ? [] : [`${source.path}:${line} imports ${specifier}: ${problem}`];
    });
}

function wrongModule(path: string, specifier: string): string | undefined {
  if (PURE_ROOMS.includes(roomOf(path) ?? '') && !PURE_MODULES.includes(specifier)) return 'the room is pure';
  const outside = OUTSIDE_MODULES[specifier];
  return outside === undefined || mayUse(path, outside) ? undefined : `${outside} belong in a door`;
}

function wrongPackage(source: Source, specifier: string): string | undefined {
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  const doors = PACKAGE_DOORS[name];
  if (doors === undefined) return 'the plan has no door to this package';
  return doors.some((door) => isDoor(source.path, door)) ? undefined : `only in a file named ${doors.join(' or ')}`;
}

/** `redis.ts`, `redis-store.ts` and `redis/store.ts` are doors to redis. */
function isDoor(path: string, name: string): boolean {
  const file = basename(path, '.ts');
  return file === name || file.startsWith(`${name}-`) || basename(dirname(path)) === name;
}

/** Time, chance, timers, the network and the environment, used in a source in src/ that is no door to them. */
export function wrongOutside(source: Source): readonly string[] {
  return (Object.keys(OUTSIDE) as Outside[]).flatMap((outside) => {
    const found = OUTSIDE[outside].exec(source.code);
    if (found === null || mayUse(source.path, outside)) return [];
    const line = source.code.slice(0, found.index).split('\n').length;
    return [`${source.path}:${line} uses ${found[0].trim()}: ${outside} belongs in a door`];
  });
}

function mayUse(path: string, outside: Outside): boolean {
  if (
    outside === 'timers' &&
    Object.values(PACKAGE_DOORS)
      .flat()
      .some((name) => isDoor(path, name))
  )
    return true;
  return DOORS.some((door) => matchesGlob(path, door.files) && door.may.includes(outside));
}
