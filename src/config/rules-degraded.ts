import type { Fault } from './kind.ts';
import type { Path } from './problem.ts';
import { asList, asMapping, asText, type Mapping } from './raw.ts';
import { CACHE, FALLBACKS_MAX } from './schema-degraded.ts';
import { parseSize } from './size.ts';
import { complete } from './zod-schema.ts';

/** A store of files has a file, and one copy fits into what all may take. */
export function degradedFaults(root: Mapping): readonly Fault[] {
  return Object.entries(asMapping(root['services'])).flatMap(([name, service]) => {
    const degraded = asMapping(asMapping(service)['degraded']);
    const at: Path = ['services', name, 'degraded'];
    const cache = asMapping(degraded['cache']);
    return [
      ...pathFaults([...at, 'cache'], cache),
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
