import { unknownCloud } from './cloud-kind.ts';
import { cloudMap } from './cloud-map.ts';
import type { Fault } from './kind.ts';
import type { Path } from './problem.ts';
import { asList, asMapping, asText, type Mapping } from './raw.ts';
import { type RawOwner, rawOwners } from './raw-endpoints.ts';
import { OWN_REGIONS_MAX } from './schema-clouds.ts';
import { CLOUDS, CLOUDS_MAX } from './topology-cloud.ts';

/** Not too many clouds and regions, and nothing that names a cloud which there is not. */
export function cloudFaults(root: Mapping): readonly Fault[] {
  const { names } = cloudMap(root['clouds']);
  return [
    ...countFaults(root, names.length - CLOUDS.length),
    ...named(root).flatMap(({ path, name, part }): Fault[] => {
      const message = unknownCloud(asText(name), names);
      return message === undefined ? [] : [{ path, message, ...part }];
    }),
  ];
}

function countFaults(root: Mapping, own: number): readonly Fault[] {
  const faults: Fault[] = [];
  const max = CLOUDS_MAX - CLOUDS.length;
  if (own > max) faults.push({ path: ['clouds'], message: `has ${own} clouds of its own; at most ${max} fit` });
  for (const [cloud, block] of Object.entries(asMapping(root['clouds']))) {
    const regions = Object.keys(asMapping(asMapping(block)['regions'])).length;
    if (regions <= OWN_REGIONS_MAX) continue;
    const message = `has ${regions} regions; at most ${OWN_REGIONS_MAX} fit, so give the others lat and lon where they are used`;
    faults.push({ path: ['clouds', cloud, 'regions'], message });
  }
  return faults;
}

type Named = { readonly path: Path; readonly name: unknown; readonly part?: { readonly part: 'key' } };

/** Every place where a file names a cloud, beside experiments, whose scope must have an endpoint. */
function named(root: Mapping): readonly Named[] {
  return [
    ...edgeNames(asMapping(root['edge'])),
    ...routingNames(root, []),
    ...rawOwners(root).flatMap(endpointNames),
    ...Object.entries(asMapping(root['services'])).flatMap(([name, service]) => ofService(asMapping(service), name)),
  ];
}

function edgeNames({ region }: Mapping): readonly Named[] {
  const [name, ...rest] = asText(region)?.split('/') ?? [];
  return rest.length === 0 ? [] : [{ path: ['edge', 'region'], name }];
}

function endpointNames({ path, block }: RawOwner): readonly Named[] {
  return asList(block['endpoints']).map((endpoint, index) => ({
    path: [...path, 'endpoints', index, 'cloud'],
    name: asMapping(endpoint)['cloud'],
  }));
}

function ofService(service: Mapping, name: string): readonly Named[] {
  const at: Path = ['services', name];
  const fallbacks = asMapping(service['degraded'])['fallbacks'];
  return [
    ...routingNames(service, at),
    ...asList(fallbacks).map((fallback, index) => ({
      path: [...at, 'degraded', 'fallbacks', index, 'cloud'],
      name: asMapping(fallback)['cloud'],
    })),
    ...fenceNames(service['fence'], [...at, 'fence']),
  ];
}

function routingNames(block: Mapping, at: Path): readonly Named[] {
  const { failover, cloud_weights } = asMapping(block['routing']);
  return [
    ...asList(failover).map((name, index) => ({ path: [...at, 'routing', 'failover', index], name })),
    ...Object.keys(asMapping(cloud_weights)).map((name) => ({
      path: [...at, 'routing', 'cloud_weights', name],
      name,
      part: { part: 'key' } as const,
    })),
  ];
}

function fenceNames(given: unknown, at: Path): readonly Named[] {
  const fences = Array.isArray(given)
    ? asList(given).map((fence, i) => ({ fence, path: [...at, i] }))
    : [{ fence: given, path: at }];
  return fences.flatMap(({ fence, path }) =>
    asList(asMapping(asMapping(fence)['only'])['clouds']).map((name, index) => ({
      path: [...path, 'only', 'clouds', index],
      name,
    })),
  );
}
