import { findRegion } from './cloud-regions.ts';
import { country } from './country-kind.ts';
import { asMapping, asText, type Mapping } from './raw.ts';
import { regionAdvice } from './region-advice.ts';
import { nearest } from './suggest.ts';
import type { Place } from './topology.ts';
import { CLOUDS, type Cloud, isKnownCloud } from './topology-cloud.ts';

/** The clouds of a file, and where their regions are: what is known of the three, and what the file says. */
export type CloudMap = {
  /** The three first, then the others as they are written. */
  readonly names: readonly Cloud[];
  /** Undefined when it is not known where that is, or whether there is such a region. */
  readonly place: (cloud: Cloud, region: string) => Place | undefined;
  /** The regions that the file gives a cloud. */
  readonly ownRegions: (cloud: Cloud) => readonly string[];
  /** What to say about a region that `place` does not know; `here` is what says at that place where it is. */
  readonly advice: (cloud: Cloud, region: string, here: string) => string;
};

/** Reads the `clouds` of a file as they stand; what the schema refuses of them is passed over. */
export function cloudMap(clouds: unknown): CloudMap {
  const given = asMapping(clouds);
  const regionsOf = (cloud: Cloud) =>
    Object.hasOwn(given, cloud) ? asMapping(asMapping(given[cloud])['regions']) : {};
  const map: CloudMap = {
    names: [...CLOUDS, ...Object.keys(given).filter((name) => !isKnownCloud(name))],
    place: (cloud, region) => ownPlace(regionsOf(cloud), region) ?? knownPlace(cloud, region),
    ownRegions: (cloud) => Object.keys(regionsOf(cloud)),
    advice: (cloud, region, here) =>
      isKnownCloud(cloud)
        ? `${regionAdvice(cloud, region)} For a region of your own add ${here}`
        : `${ownAdvice(map, cloud, region)}, or add ${here}`,
  };
  return map;
}

function knownPlace(cloud: Cloud, region: string): Place | undefined {
  return isKnownCloud(cloud) ? findRegion(cloud, region)?.place : undefined;
}

function ownPlace(regions: Mapping, region: string): Place | undefined {
  if (!Object.hasOwn(regions, region)) return undefined;
  const { lat, lon, country: said } = asMapping(regions[region]);
  if (typeof lat !== 'number' || typeof lon !== 'number') return undefined;
  const read = country.read(asText(said));
  return { latitude: lat, longitude: lon, country: read.ok ? read.value : '' };
}

function ownAdvice({ ownRegions }: CloudMap, cloud: Cloud, region: string): string {
  const known = ownRegions(cloud);
  const guess = known.length === 0 ? '.' : `; did you mean ${nearest(region, known, 3).join(' or ')}?`;
  return `nobody knows where ${cloud}/${region} is${guess} Say so in clouds.${cloud}: { regions: { ${region}: { lat: 48.9, lon: 2.4 } } }`;
}
