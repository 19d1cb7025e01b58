import type { Fault } from './kind.ts';
import type { Path } from './problem.ts';
import { asMapping, asText, type Mapping } from './raw.ts';
import { didYouMean } from './suggest.ts';
import type { Weights } from './topology.ts';

/** The three published priorities; a file may add to them and override them. */
export const PRIORITIES: Readonly<Record<string, Weights>> = Object.freeze({
  latency: Object.freeze({ latency: 0.5, capacity: 0.2, health: 0.25, diversity: 0.05 }),
  reliability: Object.freeze({ latency: 0.1, capacity: 0.3, health: 0.4, diversity: 0.2 }),
  balanced: Object.freeze({ latency: 0.3, capacity: 0.25, health: 0.3, diversity: 0.15 }),
});

/** Priorities that a service may have, those above included. */
export const PRIORITIES_MAX = 32;

/** Weights are sums of decimals, which doubles do not add up exactly. */
const SUM_TOLERANCE = 1e-6;

/** Weights sum to 1, a default priority exists, and there are not too many, in `routing` and in every service's. */
export function priorityFaults(root: Mapping): readonly Fault[] {
  const common = asMapping(root['routing']);
  const names = [...Object.keys(PRIORITIES), ...Object.keys(asMapping(common['priorities']))];
  const own = Object.entries(asMapping(root['services'])).flatMap(([name, service]) =>
    routingFaults(['services', name, 'routing'], asMapping(asMapping(service)['routing']), names),
  );
  return [...routingFaults(['routing'], common, Object.keys(PRIORITIES)), ...own];
}

function routingFaults(path: Path, routing: Mapping, inherited: readonly string[]): readonly Fault[] {
  const given = asMapping(routing['priorities']);
  const names = [...new Set([...inherited, ...Object.keys(given)])];
  const faults = Object.entries(given).flatMap(([name, weights]) => sumFaults([...path, 'priorities', name], weights));
  if (names.length > PRIORITIES_MAX && Object.keys(given).length > 0) {
    const message = `makes ${names.length} priorities with the inherited ones; at most ${PRIORITIES_MAX} fit, so remove some`;
    faults.push({ path: [...path, 'priorities'], message });
  }
  const chosen = asText(routing['default_priority']);
  if (chosen !== undefined && !names.includes(chosen)) {
    const message = `names no priority: "${chosen}"; there are ${names.join(', ')}, and others go under priorities${didYouMean(chosen, names)}`;
    faults.push({ path: [...path, 'default_priority'], message });
  }
  return faults;
}

function sumFaults(path: Path, weights: unknown): Fault[] {
  const { latency, capacity, health, diversity } = asMapping(weights);
  const shares = [latency, capacity, health, diversity];
  // A weight that is missing, out of range or no number has a fault of its own.
  if (!shares.every((share) => typeof share === 'number' && share >= 0 && share <= 1)) return [];
  const sum = shares.reduce<number>((total, share) => total + Number(share), 0);
  if (Math.abs(sum - 1) <= SUM_TOLERANCE) return [];
  const rounded = Number(sum.toFixed(6));
  return [
    {
      path,
      message: `has weights that sum to ${rounded}; change them so that latency, capacity, health and diversity sum to 1`,
    },
  ];
}
