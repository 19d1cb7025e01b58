import { durationText, parseDuration } from './duration.ts';
import type { Fault } from './kind.ts';
import type { Path } from './problem.ts';
import { asList, asMapping, asText, type Mapping } from './raw.ts';
import { rawOwners } from './raw-endpoints.ts';
import { HEALTH } from './schema-policies.ts';
import { share } from './share.ts';
import { complete } from './zod-schema.ts';

/** A check must end before the next begins, and degraded must come before unhealthy. */
export function healthFaults(root: Mapping): readonly Fault[] {
  const common = asMapping(root['health']);
  const own = rawOwners(root).map(({ path, block }): [Path, Mapping] => [
    [...path, 'health'],
    asMapping(block['health']),
  ]);
  const faults = [...pairFaults(['health'], common, {}), ...grpcFaults(root, common)];
  // What is wrong for all services is said once, not again for each of them.
  return [...faults, ...own.flatMap(([path, layer]) => pairFaults(path, layer, common))];
}

/** gRPC is spoken over HTTP/2. */
function grpcFaults(root: Mapping, common: Mapping): readonly Fault[] {
  return rawOwners(root).flatMap(({ path, block }): readonly Fault[] => {
    if ((asMapping(block['health'])['grpc'] ?? common['grpc']) === undefined) return [];
    return asList(block['endpoints']).flatMap((endpoint, i) => {
      const { protocol = 'h1' } = asMapping(endpoint);
      if (protocol !== 'h1') return [];
      const message = 'speaks HTTP/1.1, and health.grpc asks over HTTP/2; give it a protocol: h2, h2c or auto';
      return [{ path: [...path, 'endpoints', i], message }];
    });
  });
}

function pairFaults(path: Path, layer: Mapping, below: Mapping): readonly Fault[] {
  const faults: Fault[] = [];
  const defaults = complete(HEALTH);
  const interval = durationOf(layer['interval'] ?? below['interval']) ?? defaults.interval;
  const timeout = durationOf(layer['timeout'] ?? below['timeout']) ?? defaults.timeout;
  const timed = layer['timeout'] !== undefined ? 'timeout' : 'interval';
  if (timeout > interval && layer[timed] !== undefined) {
    const message = `makes timeout (${durationText(timeout)}) longer than interval (${durationText(interval)}); a check must end before the next begins`;
    faults.push({ path: [...path, timed], message });
  }
  const degraded =
    shareOf(layer['degraded_error_rate'] ?? below['degraded_error_rate']) ?? defaults.degraded_error_rate;
  const unhealthy =
    shareOf(layer['unhealthy_error_rate'] ?? below['unhealthy_error_rate']) ?? defaults.unhealthy_error_rate;
  const rated = layer['unhealthy_error_rate'] !== undefined ? 'unhealthy_error_rate' : 'degraded_error_rate';
  if (degraded > unhealthy && layer[rated] !== undefined) {
    const message = `makes degraded_error_rate (${degraded}) higher than unhealthy_error_rate (${unhealthy}); it must be the lower one`;
    faults.push({ path: [...path, rated], message });
  }
  return faults;
}

function durationOf(value: unknown): number | undefined {
  return parseDuration(asText(value) ?? '');
}

function shareOf(value: unknown): number | undefined {
  const read = share.read(value);
  return read.ok ? read.value : undefined;
}
