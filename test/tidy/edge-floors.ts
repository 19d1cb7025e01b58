import { dirname, join } from 'node:path';
import { EDGE_FLOORS } from './house.ts';
import type { Source } from './source.ts';

/** Where a folder of the edge stands: its floor, and its place among those that stand side by side there. */
type Place = { readonly floor: number; readonly side: number };

/** Imports inside the edge that go up, or across to another front of the same floor. */
export function wrongEdgeImports(source: Source): readonly string[] {
  const from = folderOf(source.path);
  if (from === undefined) return [];
  const place = placeOf(from);
  if (place === undefined) return [`${source.path}: the plan has no folder edge/${from}`];
  return source.imports.flatMap(({ specifier, line }) => {
    if (!specifier.startsWith('.')) return [];
    const target = join(dirname(source.path), specifier);
    const problem = wrongWay(place, folderOf(target));
    return problem === undefined ? [] : [`${source.path}:${line} imports ${target}: ${problem}`];
  });
}

function wrongWay(from: Place, folder: string | undefined): string | undefined {
  const to = folder === undefined ? undefined : placeOf(folder);
  if (to === undefined || to.floor > from.floor) return undefined;
  if (to.floor < from.floor) return 'upwards';
  return to.side === from.side ? undefined : 'sideways; what is handed over goes through thread/';
}

function folderOf(path: string): string | undefined {
  return /^src\/edge\/([^/]+)/.exec(path)?.[1];
}

function placeOf(folder: string): Place | undefined {
  const floor = EDGE_FLOORS.findIndex((sides) => sides.some((side) => side.includes(folder)));
  if (floor === -1) return undefined;
  return { floor, side: (EDGE_FLOORS[floor] ?? []).findIndex((side) => side.includes(folder)) };
}
