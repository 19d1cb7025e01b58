import { type Continent, countriesOfContinent, spelledOut } from './countries.ts';
import type { Document } from './schema.ts';
import { FENCE, FENCE_ONLY, FENCE_WHEN } from './schema-fence.ts';
import type { Fence, FencedClients, FencedSites } from './topology-fence.ts';
import { complete } from './zod-schema.ts';

type Given = NonNullable<NonNullable<Document['services']>[string]['fence']>;
type GivenWhen = Given[number]['when'];
type GivenOnly = Given[number]['only'];

/** The fences of a service, their words spelled out. */
export function buildFences(given: Given | undefined): readonly Fence[] {
  return (given ?? []).map((fence) => {
    const { otherwise, unknown } = complete(FENCE, fence);
    return { when: whenOf(fence.when), only: onlyOf(fence.only), unknown, otherwise };
  });
}

/** Any of them: countries and continents add up. */
function whenOf(given: GivenWhen): FencedClients | undefined {
  if (given === undefined) return undefined;
  const { countries, continents, cidrs } = complete(FENCE_WHEN, given);
  const all = [...spelledOut(countries ?? []), ...ofContinents(continents ?? [])];
  return { countries: [...new Set(all)], cidrs: cidrs ?? [] };
}

/** All of them: a country must be among the countries and on one of the continents. */
export function onlyOf(given: GivenOnly): FencedSites {
  const { clouds, regions, countries, continents } = complete(FENCE_ONLY, given);
  const named = countries && spelledOut(countries);
  const on = continents && ofContinents(continents);
  const both = named === undefined ? on : named.filter((country) => on?.includes(country) !== false);
  return { clouds, regions, countries: both };
}

function ofContinents(continents: readonly Continent[]): readonly string[] {
  return continents.flatMap((continent) => countriesOfContinent[continent]);
}
