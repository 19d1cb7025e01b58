import type { Fault } from './kind.ts';
import type { Path } from './problem.ts';
import { asList, asMapping, asText, type Mapping } from './raw.ts';
import { CACHE, FALLBACKS_MAX } from './schema-degraded.ts';
import { parseSize } from './size.ts';
import { complete } from './zod-schema.ts';

/** A store of files has a file, and no two services share one: each would make room in it by its own limits. */
export function degradedFaults(root: Mapping): readonly Fault[] {
  const owners = new Map<string, string>();
  return Object.entries(asMapping(root['services'])).flatMap(([name, service]) => {
    const degraded = asMapping(asMapping(service)['degraded']);
    const at: Path = ['services', name, 'degraded'];
    const cache = asMapping(degraded['cache']);
    return [
      ...pathFaults([...at, 'cache'], cache),
      ...sharedFaults([...at, 'cache', 'path'], asText(cache['path']), { name, owners }),
      ...sizeFaults([...at, 'cache'], cache),
      ...fallbackFaults([...at, 'fallbacks'], asList(degraded['fallbacks'])),
    ];
  });
}

function pathFaults(at: Path, cache: Mapping): readonly Fault[] {
  const { store, path } = cache;
  if (store === 'sqlite' && path === undefined) {
    return [
      { path: [...at, 'store'], message: 'is sqlite, which needs a file; add path: /var/lib/meridian/NAME.sqlite' },
    ];
  }
  if (store !== 'sqlite' && path !== undefined) {
    return [{ path: [...at, 'path'], message: 'is only for store: sqlite; add that, or remove the path' }];
  }
  return [];
}

function sharedFaults(
  at: Path,
  path: string | undefined,
  { name, owners }: { readonly name: string; readonly owners: Map<string, string> },
): readonly Fault[] {
  if (path === undefined) return [];
  const owner = owners.get(path);
  owners.set(path, owner ?? name);
  return owner === undefined
    ? []
    : [{ path: at, message: `is the file of services.${owner} already; give each service its own` }];
}

function sizeFaults(at: Path, cache: Mapping): readonly Fault[] {
  const defaults = complete(CACHE);
  const bytes = bytesOf(cache['bytes']) ?? defaults.bytes;
  const entry = bytesOf(cache['entry_bytes']) ?? defaults.entry_bytes;
  const given = cache['entry_bytes'] !== undefined ? 'entry_bytes' : 'bytes';
  if (entry <= bytes || cache[given] === undefined) return [];
  const message = `makes entry_bytes (${entry} bytes) larger than bytes (${bytes} bytes); one copy must fit`;
  return [{ path: [...at, given], message }];
}

function fallbackFaults(at: Path, fallbacks: readonly unknown[]): readonly Fault[] {
  if (fallbacks.length <= FALLBACKS_MAX) return [];
  return [
    { path: at, message: `has ${fallbacks.length} backends; at most ${FALLBACKS_MAX} are asked one after the other` },
  ];
}

function bytesOf(value: unknown): number | undefined {
  return parseSize(asText(value) ?? '');
}
