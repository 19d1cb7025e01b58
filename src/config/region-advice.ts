import { CLOUD_REGIONS, findRegion } from './cloud-regions.ts';
import { nearest } from './suggest.ts';
import { CLOUDS, type Cloud } from './topology-cloud.ts';

/** What to say about a region that its cloud does not have: the nearest ones that it has, and whose region it is. */
export function regionAdvice(cloud: Cloud, region: string): string {
  const other = CLOUDS.find((one) => one !== cloud && findRegion(one, region) !== undefined);
  const names = CLOUD_REGIONS.filter((known) => known.cloud === cloud).map((known) => known.region);
  const likely = nearest(region, names, 3);
  const exact = likely[0] !== undefined && squeezed(likely[0]) === squeezed(region);
  const guess = exact ? `${likely[0]}` : `${likely[0]}, ${likely[1]} or ${likely[2]}`;
  const whose = other === undefined ? '' : `; ${region} is a region of ${other}`;
  return `"${region}" is no known region of ${cloud}${whose}; did you mean ${guess}?`;
}

/** Azure shows `East US` where its code is `eastus`. */
function squeezed(text: string): string {
  return text.toLowerCase().replace(/[\s_-]+/g, '');
}
