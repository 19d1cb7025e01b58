import { findRegion } from './cloud-regions.ts';
import type { Fault } from './kind.ts';
import { asMapping, asText, type Mapping } from './raw.ts';
import { regionAdvice } from './region-advice.ts';
import { CLOUDS } from './topology-cloud.ts';

/** `edge.region` must be known, or `edge.place` must say where it is. */
export function regionFaults(root: Mapping): readonly Fault[] {
  const edge = asMapping(root['edge']);
  const [cloudText, region] = asText(edge['region'])?.split('/') ?? [];
  const cloud = CLOUDS.find((known) => known === cloudText);
  if (cloud === undefined || region === undefined || edge['place'] !== undefined) return [];
  if (findRegion(cloud, region) !== undefined) return [];
  const message = `${regionAdvice(cloud, region)} For a place of your own add place: { lat, lon }`;
  return [{ path: ['edge', 'region'], message }];
}
