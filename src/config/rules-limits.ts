import type { Fault } from './kind.ts';
import type { Path } from './problem.ts';
import { asList, asMapping, type Mapping } from './raw.ts';
import { CLIENT_LIMITS_MAX } from './topology-limits.ts';

/** A limit limits something, and a burst belongs to a rate. */
export function limitFaults(root: Mapping): readonly Fault[] {
  return Object.entries(asMapping(root['services'])).flatMap(([name, service]) => {
    const given = asMapping(service)['limits'];
    if (given === undefined) return [];
    const at: Path = ['services', name, 'limits'];
    const limits = asMapping(given);
    const perClient = limits['per_client'];
    const clients = Array.isArray(perClient)
      ? asList(perClient).map((one, index) => ({ one, path: [...at, 'per_client', index] }))
      : perClient === undefined
        ? []
        : [{ one: perClient, path: [...at, 'per_client'] }];
    const faults: Fault[] = [...burstFaults(limits, at)];
    if (Object.keys(limits).length === 0) {
      faults.push({
        path: at,
        message: 'limits nothing; add requests, concurrent, body, body_pause, target, head, fields or per_client',
      });
    }
    for (const [key, why] of Object.entries(NEVER_EMPTY)) {
      if (limits[key] === 0 || limits[key] === '0B')
        faults.push({ path: [...at, key], message: `must be at least 1B; ${why}` });
    }
    if (clients.length > CLIENT_LIMITS_MAX) {
      const message = `has ${clients.length} limits; at most ${CLIENT_LIMITS_MAX} fit, so remove some of them`;
      faults.push({ path: [...at, 'per_client'], message });
    }
    return [...faults, ...clients.flatMap(({ one, path }) => clientFaults(asMapping(one), path))];
  });
}

const NEVER_EMPTY = { target: 'every request has a target', head: 'every request has a head' } as const;

function clientFaults(limit: Mapping, path: Path): readonly Fault[] {
  const limitsNothing = limit['requests'] === undefined && limit['concurrent'] === undefined;
  const message = 'limits nothing; add requests, such as 20/s, or concurrent';
  const faults = burstFaults(limit, path);
  // A burst without requests has a fault of its own already.
  return limitsNothing && faults.length === 0 ? [{ path, message }] : faults;
}

function burstFaults(limit: Mapping, path: Path): readonly Fault[] {
  if (limit['burst'] === undefined || limit['requests'] !== undefined) return [];
  return [{ path: [...path, 'burst'], message: 'has no rate to be a burst of; add requests, such as 20/s' }];
}
