import { didYouMean } from '../config/suggest.ts';
import { CLOUDS } from '../config/topology-cloud.ts';
import { DEMO_REGIONS } from './regions.ts';

/** What can be done to an origin. */
export const VERBS = ['kill', 'revive', 'hang'] as const;
export type Verb = (typeof VERBS)[number];

/** A region of the demo or a whole cloud, and the ids of the regions that it stands for. */
export type Target = { readonly name: string; readonly ids: readonly string[] };

/** Reads `gcp/europe-west1`, `europe-west1` or `gcp`. Otherwise a sentence that says what may be written. */
export function parseTarget(text: string): Target | { readonly error: string } {
  const word = text.toLowerCase();
  const found = TARGETS.find(({ name }) => name === word) ?? TARGETS.find(({ name }) => name.endsWith(`/${word}`));
  if (found !== undefined) return found;
  const names = TARGETS.map(({ name }) => name);
  const regions = names.filter((name) => name.includes('/'));
  return {
    error: `no region or cloud "${text}"${didYouMean(word, names)}; there are ${CLOUDS.join(', ')} and ${regions.join(', ')}`,
  };
}

/** Everything that can be stopped: the clouds, and the regions in their order. */
export const TARGETS: readonly Target[] = [
  ...CLOUDS.map((cloud) => ({
    name: cloud,
    ids: DEMO_REGIONS.filter((region) => region.cloud === cloud).map(({ id }) => id),
  })),
  ...DEMO_REGIONS.map(({ id }) => ({ name: id, ids: [id] })),
];
