import type { Fault } from './kind.ts';
import type { Path } from './problem.ts';
import { asMapping, asText, isMapping, type Mapping } from './raw.ts';
import { type RawEndpoint, rawEndpointsOf } from './raw-endpoints.ts';
import { parsePercent } from './share.ts';
import { SETS_MAX } from './split-kind.ts';
import { didYouMean } from './suggest.ts';
import { TIERS_MAX } from './topology-shares.ts';

/** Weights that leave something, tiers without gaps, and sets that a split shares out among, all of them. */
export function shareFaults(root: Mapping): readonly Fault[] {
  return Object.entries(asMapping(root['services'])).flatMap(([name, service]) => {
    const at: Path = ['services', name];
    const endpoints = rawEndpointsOf(root, name);
    return [
      ...tierFaults(endpoints),
      ...weightFaults(at, endpoints, cloudWeightsOf(root, asMapping(service))),
      ...splitFaults(at, endpoints, asMapping(service)['split']),
    ];
  });
}

function tierFaults(endpoints: readonly RawEndpoint[]): readonly Fault[] {
  const tiers = endpoints.map(({ endpoint: { tier } }) => (tier === undefined ? 1 : tier));
  const used = new Set(tiers);
  return tiers.flatMap((tier, index) => {
    if (typeof tier !== 'number' || !Number.isInteger(tier) || tier < 2 || tiers.indexOf(tier) !== index) return [];
    const { path, use } = endpoints[index] as RawEndpoint;
    if (tier > TIERS_MAX)
      return [{ path: use ?? path, message: `makes tier ${tier} of an endpoint; ${TIERS_MAX} is the last` }];
    if (used.has(tier - 1)) return [];
    const message = `is ${tier}, and no endpoint of this service is in tier ${tier - 1}; number the tiers from 1 on without gaps`;
    return [{ path: use ?? [...path, 'tier'], message }];
  });
}

function weightFaults(at: Path, endpoints: readonly RawEndpoint[], clouds: Mapping): readonly Fault[] {
  if (endpoints.length === 0) return [];
  const nothing = endpoints.every(
    ({ endpoint: { weight, cloud } }) => isZero(weight) || isZero(clouds[asText(cloud) ?? '']),
  );
  if (!nothing) return [];
  const message =
    'has weights that leave none of its endpoints anything; give at least one, and its cloud, a weight above 0';
  return [{ path: [...at, endpoints[0]?.use === undefined ? 'endpoints' : 'backend'], message }];
}

/** Those of the service laid over those of the file, cloud by cloud. */
function cloudWeightsOf(root: Mapping, service: Mapping): Mapping {
  const of = (block: Mapping) => asMapping(asMapping(block['routing'])['cloud_weights']);
  return { ...of(root), ...of(service) };
}

function isZero(weight: unknown): boolean {
  return weight === 0 || (typeof weight === 'string' && parsePercent(weight) === 0);
}

function splitFaults(at: Path, endpoints: readonly RawEndpoint[], split: unknown): readonly Fault[] {
  const sets = endpoints.map(({ endpoint: { set } }) => asText(set));
  const itself = [...at, 'split'];
  if (split === undefined) {
    const index = sets.findIndex((set) => set !== undefined);
    if (index === -1) return [];
    const message = `is for split, which this service does not have; add split: { ${sets[index]}: 5, … }, or remove it`;
    return [{ path: [...(endpoints[index] as RawEndpoint).path, 'set'], message }];
  }
  if (!isMapping(split)) return [];
  const names = Object.keys(split);
  const faults = names
    .filter((name) => !sets.includes(name))
    .map((name): Fault => {
      const known = [...new Set(sets.flatMap((set) => set ?? []))];
      const message = `names no set: no endpoint of this service has set: ${name}, and no backend that it sends to is called so${didYouMean(name, known)}`;
      return { path: [...itself, name], message };
    });
  for (const [index, set] of sets.entries()) {
    if (set !== undefined && names.includes(set)) continue;
    const { path: place, use } = endpoints[index] as RawEndpoint;
    if (use !== undefined && set !== undefined) {
      const message = `has endpoints in the set ${set}, which split does not name; add it to split: the set of an endpoint is its set, or else its backend`;
      if (!faults.some((fault) => fault.path === use)) faults.push({ path: use, message });
      continue;
    }
    const path = [...place, ...(set === undefined ? [] : ['set'])];
    const what = set === undefined ? 'is in no set' : `is in the set ${set}, which split does not name`;
    faults.push({ path, message: `${what}; give it one of ${names.join(', ')}, or add its set to split` });
  }
  const parts = Object.values(split);
  if (parts.length > SETS_MAX)
    faults.push({ path: itself, message: `has ${parts.length} sets; at most ${SETS_MAX} fit` });
  if (parts.every((part) => part === 0)) {
    faults.push({ path: itself, message: 'has parts that sum to 0; give at least one set a part above 0' });
  }
  return faults;
}
