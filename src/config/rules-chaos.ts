import type { Fault } from './kind.ts';
import type { Path } from './problem.ts';
import { asMapping, asText, type Mapping } from './raw.ts';
import { rawEndpointsOf } from './raw-endpoints.ts';
import { didYouMean } from './suggest.ts';

/** Experiments that a file may define. */
export const EXPERIMENTS_DEFINED_MAX = 64;

/** Keys that belong to one kind, and whether that kind cannot do without. */
const KIND_KEYS: Readonly<Record<string, { readonly kind: string; readonly needed: boolean }>> = {
  delay: { kind: 'latency', needed: true },
  keep: { kind: 'partial', needed: true },
  answer: { kind: 'failure', needed: false },
  error_rate: { kind: 'failure', needed: false },
};

/** What the keys of `chaos` mean for each other and for the services. */
export function chaosFaults(root: Mapping): readonly Fault[] {
  const experiments = asMapping(asMapping(root['chaos'])['experiments']);
  const count = Object.keys(experiments).length;
  const path = ['chaos', 'experiments'];
  const many = `has ${count} experiments; at most ${EXPERIMENTS_DEFINED_MAX} may be defined`;
  return [
    ...(count > EXPERIMENTS_DEFINED_MAX ? [{ path, message: many }] : []),
    ...Object.entries(experiments).flatMap(([name, experiment]) => [
      ...kindFaults(asMapping(experiment), [...path, name]),
      ...scopeFaults(asMapping(asMapping(experiment)['scope']), root, [...path, name, 'scope']),
    ]),
  ];
}

/** The keys that an experiment of this kind must have and may not have. */
export function kindFaults(experiment: Mapping, path: Path): readonly Fault[] {
  const kind = asText(experiment['kind']);
  if (kind === undefined || !['latency', 'failure', 'partial'].includes(kind)) return [];
  return Object.entries(KIND_KEYS).flatMap(([key, of]): Fault[] => {
    const given = experiment[key] !== undefined;
    if (given && of.kind !== kind) {
      return [{ path: [...path, key], message: `is for ${of.kind} only; this is ${kind}`, part: 'key' }];
    }
    if (!given && of.kind === kind && of.needed) return [{ path, message: `needs ${key}, since it is ${kind}` }];
    return [];
  });
}

/** A scope that no endpoint is in would be an experiment that looks as if nothing came of it. */
function scopeFaults(scope: Mapping, root: Mapping, path: Path): readonly Fault[] {
  const known = Object.keys(asMapping(root['services']));
  const name = asText(scope['service']);
  if (name !== undefined && !known.includes(name)) {
    return [{ path: [...path, 'service'], message: `is no service of this file${didYouMean(name, known)}` }];
  }
  const within = name === undefined ? known : [name];
  const endpoints = within.flatMap((service) => rawEndpointsOf(root, service)).map(({ endpoint }) => endpoint);
  for (const key of ['cloud', 'region'] as const) {
    const wanted = asText(scope[key]);
    if (wanted === undefined || endpoints.some((endpoint) => endpoint[key] === wanted)) continue;
    const there = [...new Set(endpoints.map((endpoint) => asText(endpoint[key]) ?? ''))];
    return [{ path: [...path, key], message: `no endpoint in this scope is there${didYouMean(wanted, there)}` }];
  }
  return [];
}
