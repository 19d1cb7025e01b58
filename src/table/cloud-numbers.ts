import { ownEntry } from '../config/own-entry.ts';
import { CLOUDS, type Cloud } from '../config/topology-cloud.ts';
import type { Placement } from './placement.ts';

/**
 * Clouds are names in the topology and numbers in the table: 0, 1 and 2 are those of `CLOUDS`; one that a file declares has the number
 * that its placement says, which it keeps over reloads. Numbers never leave the process: edges tell each other names.
 */
export function cloudNumber({ clouds }: Pick<Placement, 'clouds'>, cloud: Cloud): number {
  const own = clouds === undefined ? undefined : ownEntry(clouds, cloud);
  const number = own ?? CLOUDS.findIndex((known) => known === cloud);
  if (number === -1) throw new RangeError(`the cloud ${cloud} has no number`);
  return number;
}

/** One more than the highest number in use: how many cells of a service have to be looked at. At least three. */
export function cloudCount({ clouds }: Pick<Placement, 'clouds'>): number {
  return clouds === undefined ? CLOUDS.length : Math.max(CLOUDS.length - 1, ...Object.values(clouds)) + 1;
}
