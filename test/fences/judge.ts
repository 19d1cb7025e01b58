/**
 * Who may serve whom, by the words of the file and by nothing of the product: plain lists, looked through one after the other. What the
 * product makes of fences is held against it.
 */
export type FenceSpec = {
  readonly when: { readonly countries?: readonly string[]; readonly cidrs?: readonly string[] } | undefined;
  readonly only: {
    readonly clouds?: readonly string[];
    readonly regions?: readonly string[];
    readonly countries?: readonly string[];
  };
  readonly unknown: 'inside' | 'outside';
  readonly otherwise: 451 | 503;
};

/** Where something is: as the file says, and the country as the map says. */
export type PlaceSpec = { readonly cloud: string; readonly region: string; readonly country: string };

/** `country` is empty for a client that nobody can place. */
export type ClientSpec = { readonly address: string; readonly country: string };

/** What the words of these tests stand for. */
const WORDS: Readonly<Record<string, readonly string[]>> = { EU: ['BE', 'DE', 'FR', 'IE', 'NL', 'SE'] };

export function mayServe(fences: readonly FenceSpec[], client: ClientSpec, place: PlaceSpec): boolean {
  for (const fence of fences) if (holds(fence, client) && !passes(fence, place)) return false;
  return true;
}

function holds({ when, unknown }: FenceSpec, { address, country }: ClientSpec): boolean {
  if (when === undefined) return true;
  for (const cidr of when.cidrs ?? []) if (address.startsWith(cidr.replace(/\.0\.0\/16$/, '.'))) return true;
  if (when.countries === undefined) return false;
  return country === '' ? unknown === 'inside' : isIn(when.countries, country);
}

function passes({ only }: FenceSpec, { cloud, region, country }: PlaceSpec): boolean {
  if (only.clouds !== undefined && !only.clouds.includes(cloud)) return false;
  if (only.regions !== undefined && !only.regions.includes(region)) return false;
  return only.countries === undefined || isIn(only.countries, country);
}

function isIn(words: readonly string[], country: string): boolean {
  return words.some((word) => word === country || WORDS[word]?.includes(country) === true);
}
