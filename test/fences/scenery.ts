import { parseTopology } from '../../src/config/load.ts';
import { formatProblems } from '../../src/config/problem.ts';
import type { Topology } from '../../src/config/topology.ts';
import type { Dice } from '../fuzz/dice.ts';
import type { ClientSpec, FenceSpec, PlaceSpec } from './judge.ts';

/** What one file of the campaign says, as the judge reads it and as the product does. */
export type Scenery = {
  readonly fences: readonly FenceSpec[];
  readonly endpoints: readonly PlaceSpec[];
  /** Undefined for a fallback that does not say where it is. */
  readonly fallbacks: readonly (PlaceSpec | undefined)[];
  readonly topology: Topology;
};

const PLACES: readonly PlaceSpec[] = [
  { cloud: 'aws', region: 'us-east-1', country: 'US' },
  { cloud: 'aws', region: 'eu-central-1', country: 'DE' },
  { cloud: 'aws', region: 'eu-west-1', country: 'IE' },
  { cloud: 'gcp', region: 'europe-west1', country: 'BE' },
  { cloud: 'gcp', region: 'asia-northeast1', country: 'JP' },
  { cloud: 'gcp', region: 'us-central1', country: 'US' },
  { cloud: 'azure', region: 'westeurope', country: 'NL' },
  { cloud: 'azure', region: 'japaneast', country: 'JP' },
  { cloud: 'azure', region: 'swedencentral', country: 'SE' },
];

export const CLIENTS: readonly ClientSpec[] = ['US', 'DE', 'FR', 'JP', 'BR', 'SE', ''].flatMap((country, i) =>
  [1, 2].map((network) => ({ country, address: `${10 * network + 1}.${i + 1}.0.9` })),
);

/** A file that `validate` passes: some endpoints, some fences that each let somebody pass, and perhaps fallbacks. */
export function sceneryOf(dice: Dice): Scenery {
  const endpoints = someOf(PLACES, dice, 2, 6);
  const fences = Array.from({ length: dice.between(0, 3) }, () => fenceOf(endpoints, dice));
  const fallbacks = Array.from({ length: dice.below(3) }, () => (dice.onceIn(3) ? undefined : dice.pick(PLACES)));
  const parsed = parseTopology(yamlOf(fences, endpoints, fallbacks, dice, dice.onceIn(6)), {
    file: 'fences.yaml',
    env: {},
    readFile: () => '',
  });
  if (!parsed.ok) throw new Error(formatProblems('fences.yaml', parsed.problems));
  return { fences, endpoints, fallbacks, topology: parsed.topology };
}

function fenceOf(endpoints: readonly PlaceSpec[], dice: Dice): FenceSpec {
  // Somebody passes: the words are those of an endpoint, and some more.
  const one = dice.pick(endpoints);
  const kinds = someOf(['clouds', 'regions', 'countries'] as const, dice, 1, 2);
  const countries = dice.onceIn(2) && ['DE', 'IE', 'BE', 'NL', 'SE'].includes(one.country) ? ['EU'] : [one.country];
  const only = {
    ...(kinds.includes('clouds') ? { clouds: [one.cloud, ...(one.cloud === 'aws' ? [] : ['aws'])] } : {}),
    ...(kinds.includes('regions') ? { regions: [...new Set([one.region, 'us-east-1'])] } : {}),
    ...(kinds.includes('countries') ? { countries } : {}),
  };
  const when = dice.onceIn(5)
    ? undefined
    : {
        ...(dice.onceIn(3) ? {} : { countries: someOf(['EU', 'US', 'JP', 'BR'], dice, 1, 2) }),
        ...(dice.onceIn(3) ? { cidrs: [`11.${dice.between(1, 7)}.0.0/16`] } : {}),
      };
  const named = when !== undefined && Object.keys(when).length === 0 ? { countries: ['EU'] } : when;
  return { when: named, only, unknown: dice.pick(['inside', 'outside']), otherwise: dice.pick([451, 503]) };
}

function yamlOf(
  fences: readonly FenceSpec[],
  endpoints: readonly PlaceSpec[],
  fallbacks: Scenery['fallbacks'],
  dice: Dice,
  redirects: boolean,
): string {
  const lines = endpoints.map(
    ({ cloud, region }, i) =>
      `      - { cloud: ${cloud}, region: ${region}, url: "http://10.0.0.${i + 1}:80", capacity: 4, tier: ${i === 0 ? 1 : dice.between(1, 2)}, weight: ${dice.pick(['100%', '10%'])}${redirects ? `, public_url: "https://${i}.example.com"` : ''} }`,
  );
  const backends = fallbacks.map((place, i) => {
    const where = place === undefined ? '' : `, cloud: ${place.cloud}, region: ${place.region}`;
    return `          - { url: "http://10.9.0.${i + 1}:80"${where} }`;
  });
  return `version: 1
edge: { id: test, region: aws/us-east-1 }
routing: { select: ${dice.pick(['best', 'weighted'])}, failover: ${dice.pick(['score', '[gcp, aws, azure]'])}, spill_at: ${dice.pick(['off', '50%'])}, panic_below: ${dice.pick([0, 0.6])} }
retries: { attempts: ${dice.between(1, 4)}, budget: 100%, budget_floor: 10000 }
breakers: { failures: 2, open_for: 1s }
services:
  shop:
${dice.onceIn(2) ? '    sticky: { by: client }' : ''}
${redirects ? '    mode: redirect' : ladderOf(backends)}
${fences.length === 0 ? '' : `    fence: ${JSON.stringify(fences.length === 1 ? written(fences[0] as FenceSpec) : fences.map(written))}`}
    endpoints:
${lines.join('\n')}
`;
}

function ladderOf(backends: readonly string[]): string {
  const fallbacks = backends.length === 0 ? '' : `\n      fallbacks:\n${backends.join('\n')}`;
  return `    degraded:\n      cache: { fresh_for: 1m }${fallbacks}`;
}

/** What JSON leaves out is left out of the file. */
function written(fence: FenceSpec): unknown {
  return { ...fence };
}

function someOf<T>(from: readonly T[], dice: Dice, least: number, most: number): T[] {
  const left = [...from];
  const count = Math.min(dice.between(least, most), left.length);
  return Array.from({ length: count }, () => left.splice(dice.below(left.length), 1)[0] as T);
}
