import { onTestFinished } from 'vitest';
import { type OpenedFleet, type OpenOptions, openHere } from '../../bench/rig/fleet.ts';

/** One that has started, and is closed with the test. */
export async function startFleet(edge: string, options: OpenOptions): Promise<OpenedFleet> {
  const opened = await openHere(edge, options);
  onTestFinished(opened.close);
  await opened.fleet.start();
  return opened;
}
