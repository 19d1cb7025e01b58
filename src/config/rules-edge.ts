import { cloudMap } from './cloud-map.ts';
import type { Fault } from './kind.ts';
import { asMapping, asText, type Mapping } from './raw.ts';

/** `edge.region` must be known, or `edge.place` must say where it is. */
export function regionFaults(root: Mapping): readonly Fault[] {
  const edge = asMapping(root['edge']);
  const clouds = cloudMap(root['clouds']);
  const [cloud, region] = asText(edge['region'])?.split('/') ?? [];
  if (cloud === undefined || region === undefined || edge['place'] !== undefined) return [];
  if (!clouds.names.includes(cloud) || clouds.place(cloud, region) !== undefined) return [];
  return [{ path: ['edge', 'region'], message: clouds.advice(cloud, region, 'place: { lat, lon }') }];
}
