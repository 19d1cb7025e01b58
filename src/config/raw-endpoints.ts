import { backendUses } from './backend-kind.ts';
import type { Path } from './problem.ts';
import { asList, asMapping, type Mapping } from './raw.ts';
import { share } from './share.ts';

/** An endpoint that a service sends to, as it stands in the file and as it counts for that service. */
export type RawEndpoint = {
  /** With the weight, tier and set that it has for the service. */
  readonly endpoint: Mapping;
  readonly path: Path;
  /** The service or backend that it belongs to. */
  readonly owner: string;
  /** Where the service names its backend; undefined for an endpoint of its own. */
  readonly use: Path | undefined;
};

/** The endpoints of a service, its own or those of its backends; whatever of them cannot be read is passed over. */
export function rawEndpointsOf(root: Mapping, service: string): readonly RawEndpoint[] {
  const block = asMapping(asMapping(root['services'])[service]);
  const own = asList(block['endpoints']).map(
    (item, index): RawEndpoint => ({
      endpoint: asMapping(item),
      path: ['services', service, 'endpoints', index],
      owner: service,
      use: undefined,
    }),
  );
  return [...own, ...usesOf(block, service).flatMap((use) => endpointsOfUse(root, use, block['split'] !== undefined))];
}

/** A service or a backend, and where it stands. */
export type RawOwner = { readonly name: string; readonly path: Path; readonly block: Mapping };

/** All services, and all backends. */
export function rawOwners(root: Mapping): readonly RawOwner[] {
  return ['services', 'backends'].flatMap((key) =>
    Object.entries(asMapping(root[key])).map(([name, block]) => ({ name, path: [key, name], block: asMapping(block) })),
  );
}

/** What a service says of the backends that it sends to, and where. */
export function usesOf(block: Mapping, service: string): readonly RawUse[] {
  const given = block['backend'];
  if (given === undefined) return [];
  const read = backendUses.read(given);
  if (!read.ok) return [];
  const at: Path = ['services', service, 'backend'];
  return read.value.map((use, index) => ({ ...use, path: Array.isArray(given) ? [...at, index] : at }));
}

export type RawUse = { readonly name: string; readonly weight: number; readonly tier: number; readonly path: Path };

function endpointsOfUse(root: Mapping, use: RawUse, splits: boolean): readonly RawEndpoint[] {
  const backend = asMapping(asMapping(root['backends'])[use.name]);
  return asList(backend['endpoints']).map((item, index) => {
    const given = asMapping(item);
    const { tier = 1 } = given;
    const weight = share.read(given['weight'] ?? 1);
    const counts = {
      ...(typeof tier === 'number' ? { tier: tier + use.tier - 1 } : {}),
      ...(weight.ok ? { weight: weight.value * use.weight } : {}),
      // Without a split nobody asks for sets.
      set: splits ? (given['set'] ?? use.name) : undefined,
    };
    const path = ['backends', use.name, 'endpoints', index];
    return { endpoint: { ...given, ...counts }, path, owner: use.name, use: use.path };
  });
}
