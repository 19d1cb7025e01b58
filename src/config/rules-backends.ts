import type { Fault } from './kind.ts';
import type { Path } from './problem.ts';
import { asMapping, isMapping, type Mapping } from './raw.ts';
import { type RawUse, rawEndpointsOf, usesOf } from './raw-endpoints.ts';
import { didYouMean } from './suggest.ts';

/** What belongs to endpoints, and so to the backend that has them. */
const OF_BACKENDS = ['host', 'tls', 'health', 'breakers'] as const;
const TIMEOUTS_OF_BACKENDS = ['connect', 'connection_age'] as const;

/** Backends that are there and are used, by services that leave to them what is theirs. */
export function backendFaults(root: Mapping): readonly Fault[] {
  const services = Object.entries(asMapping(root['services'])).map(([name, block]) => ({
    name,
    block: asMapping(block),
    uses: usesOf(asMapping(block), name),
  }));
  return [
    ...services.flatMap((service) => [
      ...useFaults(root, service.uses),
      ...ownFaults(service),
      ...twiceFaults(root, service),
    ]),
    ...listFaults(root, services),
    ...optimalFaults(root, services),
  ];
}

type Using = { readonly name: string; readonly block: Mapping; readonly uses: readonly RawUse[] };

function useFaults(root: Mapping, uses: readonly RawUse[]): readonly Fault[] {
  const known = Object.keys(asMapping(root['backends']));
  return uses.flatMap(({ name, path }, index): Fault[] => {
    if (!known.includes(name)) {
      const there = known.length === 0 ? '; the file has no backends' : `; there are ${known.join(', ')}`;
      const guess = didYouMean(name, known);
      return [{ path, message: `names no backend: "${name}"${guess === '' ? there : guess}` }];
    }
    if (uses.findIndex((use) => use.name === name) === index) return [];
    return [{ path, message: `names the backend ${name} a second time; remove one` }];
  });
}

/** A service with a backend has no endpoints of its own, and says nothing of how those of others are reached and asked. */
function ownFaults({ name, block, uses }: Using): readonly Fault[] {
  const [first] = uses;
  if (first === undefined) return [];
  const at: Path = ['services', name];
  const faults: Fault[] = [];
  if (block['endpoints'] !== undefined) {
    const message =
      'stands beside backend, and a service has either; put these endpoints into a backend of their own, or remove one of the two';
    faults.push({ path: [...at, 'endpoints'], message });
  }
  const where = uses.length === 1 ? `backends.${first.name}` : 'its backends';
  for (const key of OF_BACKENDS) {
    if (block[key] === undefined) continue;
    faults.push({
      path: [...at, key],
      message: `belongs to endpoints, which this service shares; move it to ${where}`,
    });
  }
  for (const key of TIMEOUTS_OF_BACKENDS) {
    if (asMapping(block['timeouts'])[key] === undefined) continue;
    const message = `belongs to endpoints, which this service shares; move it to timeouts of ${where}`;
    faults.push({ path: [...at, 'timeouts', key], message });
  }
  return faults;
}

/** One and the same endpoint in two backends would have two rows, and be counted twice. */
function twiceFaults(root: Mapping, { name, uses }: Using): readonly Fault[] {
  if (uses.length < 2) return [];
  const firsts = new Map<string, string>();
  return rawEndpointsOf(root, name).flatMap(({ endpoint: { cloud, region, url }, owner, path }): Fault[] => {
    const key = JSON.stringify([cloud, region, url]);
    const first = firsts.get(key);
    if (first === undefined) firsts.set(key, owner);
    if (first === undefined || first === owner) return [];
    return [
      { path, message: `is in the backend ${first}, too, and service ${name} sends to both; remove it from one` },
    ];
  });
}

/** What nobody sends to is a slip, and so is a name that means two things. */
function listFaults(root: Mapping, services: readonly Using[]): readonly Fault[] {
  const backends = asMapping(root['backends']);
  if (isMapping(root['backends']) && Object.keys(backends).length === 0) {
    return [{ path: ['backends'], message: 'has no backend; add one with its endpoints, or remove the key' }];
  }
  return Object.keys(backends).flatMap((name): Fault[] => {
    const path: Path = ['backends', name];
    const users = services.filter(({ uses }) => uses.some((use) => use.name === name));
    const mirrored = services.some(({ block }) => asMapping(block['mirror'])['to'] === name);
    if (users.length === 0 && !mirrored) {
      return [{ path, message: `is used by no service; add backend: ${name} to one, or remove it`, part: 'key' }];
    }
    const namesake = services.find((service) => service.name === name);
    if (namesake === undefined || users.includes(namesake)) return [];
    const message = `has the name of a service that does not send to it; overrides, metrics and ids could mean either, so rename one`;
    return [{ path, message, part: 'key' }];
  });
}

/** Shares are assigned to endpoints for one service: that of another would be written over them. */
function optimalFaults(root: Mapping, services: readonly Using[]): readonly Fault[] {
  const common = asMapping(root['routing'])['select'];
  const optimal = services.filter(({ block }) => (asMapping(block['routing'])['select'] ?? common) === 'optimal');
  return optimal.flatMap(({ name, uses }, index) =>
    uses.flatMap((use): Fault[] => {
      const other = optimal.slice(0, index).find((one) => one.uses.some((its) => its.name === use.name));
      if (other === undefined) return [];
      const message = `shares the backend ${use.name} with ${other.name}, and both have routing.select: optimal, which assigns the endpoints of one service; give one of them select: best`;
      return [{ path: ['services', name, 'backend'], message }];
    }),
  );
}
