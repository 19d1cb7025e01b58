import { COUNTRIES } from './countries.ts';
import type { Endpoint, Service } from './topology.ts';
import type { Fence, FencedSites, Site } from './topology-fence.ts';

/** Whether a fence lets a place be used. What is not known of a place is never what a fence asks for. */
export function admits({ clouds, regions, countries }: FencedSites, { cloud, region, country }: Site): boolean {
  if (clouds !== undefined && (cloud === undefined || !clouds.includes(cloud))) return false;
  if (regions !== undefined && !(region !== undefined && isNamed(regions, cloud, region))) return false;
  return countries === undefined || countries.includes(country);
}

/** Whether a fence is for clients of a country, leaving their addresses aside; the empty country is the unknown one. */
export function coversCountry({ when, unknown }: Fence, country: string): boolean {
  if (when === undefined) return true;
  if (when.countries.length === 0) return false;
  return country === '' ? unknown === 'inside' : when.countries.includes(country);
}

/** Where an endpoint is. */
export function siteOf({ cloud, region, place }: Pick<Endpoint, 'cloud' | 'region' | 'place'>): Site {
  return { cloud, region, country: place.country };
}

/** The countries whose clients no endpoint of a service may serve, for the fences that hold them leave none together. */
export function unservedCountries({ fences, endpoints }: Pick<Service, 'fences' | 'endpoints'>): readonly string[] {
  const sites = endpoints.map(siteOf);
  return COUNTRIES.filter((country) => {
    const holding = fences.filter((fence) => coversCountry(fence, country));
    return !sites.some((site) => holding.every(({ only }) => admits(only, site)));
  });
}

function isNamed(regions: readonly string[], cloud: Site['cloud'], region: string): boolean {
  return regions.includes(region) || (cloud !== undefined && regions.includes(`${cloud}/${region}`));
}
