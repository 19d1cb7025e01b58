import type { Fault } from './kind.ts';
import { levelOf } from './load-level.ts';
import type { Path } from './problem.ts';
import { asMapping, type Mapping } from './raw.ts';
import { rawEndpointsOf } from './raw-endpoints.ts';

/** Levels rise: an endpoint spills before it sheds, and what it takes of others is less than what it takes at all. */
export function spillFaults(root: Mapping): readonly Fault[] {
  const common = asMapping(root['routing']);
  const own = Object.entries(asMapping(root['services'])).flatMap(([name, service]) => {
    const at: Path = ['services', name];
    const routing = asMapping(asMapping(service)['routing']);
    const together = { ...common, ...routing };
    const given = ['spill_at', 'overflow_max', 'shed_at'].some((key) => routing[key] !== undefined);
    const endpoints = rawEndpointsOf(root, name).flatMap(({ endpoint, path }) =>
      aboveShed([...path, 'overflow_max'], levelOf(endpoint['overflow_max']), levelOf(together['shed_at'])),
    );
    return [...(given ? levelFaults([...at, 'routing'], together, routing) : []), ...endpoints];
  });
  return [...levelFaults(['routing'], common, common), ...own];
}

/** `given` is where the keys are written; the others come from the file's own block. */
function levelFaults(at: Path, together: Mapping, given: Mapping): readonly Fault[] {
  const shed = levelOf(together['shed_at']);
  const spill = levelOf(together['spill_at']);
  const key = given['spill_at'] === undefined ? 'shed_at' : 'spill_at';
  const faults: Fault[] = [];
  if (spill !== undefined && shed !== undefined && spill >= shed) {
    const message = `makes spill_at (${percent(spill)}) no lower than shed_at (${percent(shed)}); an endpoint must spill before it sheds, so lower the one or raise the other`;
    faults.push({ path: [...at, key], message });
  }
  const overflowKey = given['overflow_max'] === undefined ? 'shed_at' : 'overflow_max';
  return [...faults, ...aboveShed([...at, overflowKey], levelOf(together['overflow_max']), shed)];
}

function aboveShed(path: Path, max: number | undefined, shed: number | undefined): readonly Fault[] {
  if (max === undefined || shed === undefined || max <= shed) return [];
  const message = `makes overflow_max (${percent(max)}) higher than shed_at (${percent(shed)}), from which an endpoint takes nothing at all; lower it`;
  return [{ path, message }];
}

function percent(level: number): string {
  return `${Number((level * 100).toFixed(3))}%`;
}
