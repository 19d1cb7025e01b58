import type { Family, Sample } from '../../../src/observe/family.ts';

/** The samples of one family as `labels → value`, so that a test can say what it expects in one line. */
export function valuesOf(families: readonly Family[], name: string): Readonly<Record<string, number>> {
  const family = families.find((one) => one.name === name);
  if (family === undefined) throw new Error(`no family ${name}`);
  return Object.fromEntries(family.samples().map((sample) => [labelsOf(sample), sample.value]));
}

function labelsOf({ labels, sharedLabels }: Sample): string {
  return Object.values({ ...sharedLabels, ...labels }).join(' ');
}
