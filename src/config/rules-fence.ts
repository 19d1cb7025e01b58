import { onlyOf } from './build-fence.ts';
import { type CloudMap, cloudMap } from './cloud-map.ts';
import { CLOUD_REGIONS } from './cloud-regions.ts';
import { country } from './country-kind.ts';
import { admits } from './fence-match.ts';
import type { Fault } from './kind.ts';
import type { Path } from './problem.ts';
import { asList, asMapping, asText, isMapping, type Mapping } from './raw.ts';
import { type RawEndpoint, rawEndpointsOf } from './raw-endpoints.ts';
import { FENCE_ONLY, FENCES_MAX } from './schema-fence.ts';
import { didYouMean } from './suggest.ts';
import type { FencedSites, Site } from './topology-fence.ts';
import { readWith } from './zod-schema.ts';

/** A fence is for somebody, asks for something, and is one that an endpoint can pass, whose whereabouts are known as far as it asks. */
export function fenceFaults(root: Mapping): readonly Fault[] {
  const clouds = cloudMap(root['clouds']);
  return Object.entries(asMapping(root['services'])).flatMap(([name, service]) => {
    const given = asMapping(service)['fence'];
    if (given === undefined) return [];
    const at: Path = ['services', name, 'fence'];
    const endpoints = rawEndpointsOf(root, name);
    const sites = endpoints.map(({ endpoint }) => siteOfRaw(endpoint, clouds));
    const fences = Array.isArray(given)
      ? asList(given).map((fence, index) => ({ fence, path: [...at, index] }))
      : [{ fence: given, path: at }];
    const faults = fences.flatMap(({ fence, path }) => oneFence(fence, { path, sites, clouds }));
    if (fences.length > FENCES_MAX) {
      faults.push({
        path: at,
        message: `has ${fences.length} fences; at most ${FENCES_MAX} fit, so join some of them`,
      });
    }
    return [...faults, ...countryFaults(endpoints, { fences, clouds })];
  });
}

type Around = { readonly path: Path; readonly sites: readonly Site[]; readonly clouds: CloudMap };

function oneFence(given: unknown, { path, sites, clouds }: Around): readonly Fault[] {
  const { when, only } = asMapping(given);
  if (isMapping(when) && Object.keys(when).length === 0) {
    const message = 'names nobody; add countries, continents or cidrs, or leave when out for every client';
    return [{ path: [...path, 'when'], message }];
  }
  if (!isMapping(only)) return [];
  const at = [...path, 'only'];
  if (Object.keys(only).length === 0) {
    return [{ path: at, message: 'asks for nothing; add clouds, regions, countries or continents' }];
  }
  const read = readWith(FENCE_ONLY.schema, only);
  if (!('value' in read)) return [];
  const asked = onlyOf(read.value);
  // A cloud that does not exist has a fault of its own.
  if (asked.clouds?.every((cloud) => clouds.names.includes(cloud)) === false) return [];
  const unknown = regionFaults(asked, { path: at, sites, clouds });
  if (unknown.length > 0 || sites.length === 0 || sites.some((site) => admits(asked, site))) return unknown;
  const message = `admits none of the service's endpoints, so nobody could pass; they are in ${placesOf(sites)}`;
  return [{ path: at, message }];
}

/** A region that no endpoint has and no cloud either is a slip. */
function regionFaults({ regions }: FencedSites, { path, sites, clouds }: Around): readonly Fault[] {
  const own = [...sites.flatMap(({ region }) => region ?? []), ...clouds.names.flatMap(clouds.ownRegions)];
  return (regions ?? []).flatMap((name, index) => {
    const bare = name.slice(name.indexOf('/') + 1);
    if (own.includes(bare) || CLOUD_REGIONS.some(({ region }) => region === bare)) return [];
    const message = `names no region of an endpoint or a cloud: "${name}"${didYouMean(bare, own)}`;
    return [{ path: [...path, 'regions', index], message }];
  });
}

/** Of an endpoint at coordinates of its own nobody knows the country, and a fence that asks for it would never admit it. */
function countryFaults(
  endpoints: readonly RawEndpoint[],
  { fences, clouds }: { readonly fences: readonly { readonly fence: unknown }[]; readonly clouds: CloudMap },
): readonly Fault[] {
  const asks = fences.some(({ fence }) => {
    const only = asMapping(asMapping(fence)['only']);
    return only['countries'] !== undefined || only['continents'] !== undefined;
  });
  if (!asks) return [];
  return endpoints.flatMap(({ endpoint: item, path }) => {
    if (siteOfRaw(item, clouds).country !== '') return [];
    if (
      item['lat'] === undefined &&
      clouds.place(asText(item['cloud']) ?? '', asText(item['region']) ?? '') === undefined
    )
      return [];
    const message = 'stands in a country that nobody knows, and the fence of this service asks for it; add country: DE';
    return [{ path, message }];
  });
}

function siteOfRaw(endpoint: Mapping, clouds: CloudMap): Site {
  const cloud = clouds.names.find((known) => known === endpoint['cloud']);
  const region = asText(endpoint['region']);
  const said = country.read(endpoint['country']);
  const known = cloud === undefined || region === undefined ? undefined : clouds.place(cloud, region);
  return { cloud, region, country: said.ok ? said.value : (known?.country ?? '') };
}

function placesOf(sites: readonly Site[]): string {
  const places = sites.map(
    ({ cloud, region, country: code }) => `${cloud}/${region}${code === '' ? '' : ` (${code})`}`,
  );
  const distinct = [...new Set(places)];
  return distinct.slice(0, 8).join(', ') + (distinct.length > 8 ? ` and ${distinct.length - 8} more` : '');
}
