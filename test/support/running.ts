import { renameSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import { type Meridian, startMeridian } from '../../src/compose.ts';
import { loadTopology } from '../../src/config/load.ts';
import type { Event } from '../../src/table/event.ts';
import { temporaryFolder } from './process.ts';

export type Running = Meridian & { readonly events: Event[]; readonly write: (yaml: string) => void };

/** A whole Meridian in this process, with real edge threads, from a file that the test can rewrite. Ends with the test. */
export async function running(yaml: string): Promise<Running> {
  const folder = temporaryFolder();
  const file = folder.write('meridian.yaml', yaml);
  const parsed = await loadTopology(file, {});
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const events: Event[] = [];
  const meridian = await startMeridian({ topology: parsed.topology, env: {}, onEvent: (event) => events.push(event) });
  onTestFinished(async () => {
    const ended = meridian.stop();
    void meridian.stop();
    await ended;
  });
  // As editors and orchestrators do: another file is put in its place.
  const write = (text: string) => {
    const next = folder.write('next.yaml', text);
    renameSync(next, file);
  };
  return { ...meridian, events, write };
}
