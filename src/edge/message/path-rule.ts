import type { PathRules } from '../../config/topology-rules.ts';

/** How one service's paths become those of its endpoints, and back. */
export type PathRule = {
  /** The target for an endpoint, its query as it came; undefined for one that would climb out of a prefix that is put before it. */
  readonly forward: (target: string) => string | undefined;
  /** The path under which a client finds what an endpoint calls `path`; undefined when no path leads there. */
  readonly back: (path: string) => string | undefined;
};

/**
 * Compiles the rules of a path. They look at the client's bytes and leave all that they do not name as it came: a prefix is recognised
 * when some of its letters are percent-encoded, but nothing is decoded or resolved. `basePaths` are what endpoints have before their paths.
 */
export function pathRule(rules: PathRules | undefined, basePaths: readonly string[] = []): PathRule {
  const confined = basePaths.some((path) => path !== '');
  if (rules === undefined)
    return { forward: (target) => (confined && climbs(target) ? undefined : target), back: same };
  const { stripPrefix, addPrefix, set } = rules;
  const replace = rules.replace.toSorted(([a], [b]) => b.length - a.length);
  const inside = (path: string): string | undefined => {
    const stripped = without(path, stripPrefix) ?? path;
    for (const [from, to] of replace) {
      const rest = without(stripped, from);
      if (rest === undefined) continue;
      return (to !== '' || addPrefix !== '' || confined) && climbs(rest) ? undefined : addPrefix + joined(to, rest);
    }
    return (addPrefix !== '' || confined) && climbs(stripped) ? undefined : addPrefix + stripped;
  };
  return {
    forward(target) {
      const query = target.indexOf('?');
      const path = query === -1 ? target : target.slice(0, query);
      const asked = set !== '' ? set : inside(path);
      return asked === undefined || query === -1 ? asked : asked + target.slice(query);
    },
    back(path) {
      const rest = set === '' ? without(path, addPrefix) : undefined;
      if (rest === undefined) return undefined;
      for (const [from, to] of replace) {
        const tail = without(rest, to);
        const found = tail === undefined ? undefined : stripPrefix + joined(from, tail);
        if (found !== undefined && isSame(inside(found), path)) return found;
      }
      const found = stripPrefix + rest;
      return isSame(inside(found), path) ? found : undefined;
    },
  };
}

/** What is left of a path behind a prefix of whole segments: a path again. Undefined when it has not got the prefix. */
export function without(path: string, prefix: string): string | undefined {
  if (prefix === '') return path;
  let at = 0;
  for (let i = 0; i < prefix.length; i += 1) {
    if (path[at] === prefix[i]) at += 1;
    else if (prefix[i] !== '/' && letterAt(path, at) === prefix[i]) at += 3;
    else return undefined;
  }
  if (at === path.length) return '/';
  return path[at] === '/' ? path.slice(at) : undefined;
}

/** The character that is percent-encoded here. */
function letterAt(path: string, at: number): string | undefined {
  const hex = path[at] === '%' ? path.slice(at + 1, at + 3) : '';
  return /^[0-9a-f]{2}$/i.test(hex) ? String.fromCharCode(Number.parseInt(hex, 16)) : undefined;
}

/** A prefix and what comes behind it; a path that was the prefix alone stays without a slash at its end. */
function joined(prefix: string, rest: string): string {
  return prefix !== '' && rest === '/' ? prefix : prefix + rest;
}

/** A prefix with and without a slash behind it is one place to those who put it before paths. */
function isSame(asked: string | undefined, path: string): boolean {
  return asked === path || asked === `${path}/`;
}

function same(path: string): string {
  return path;
}

/**
 * Whether a path leads above where it begins, to any reader: dots and slashes may be percent-encoded, and a backslash is a slash to some.
 * Behind a prefix it would lead out of that.
 */
export function climbs(target: string): boolean {
  const query = target.indexOf('?');
  const path = query === -1 ? target : target.slice(0, query);
  if (!UPWARDS.test(path)) return false;
  let depth = 0;
  for (const segment of path
    .replaceAll(/%2f|%5c|\\/gi, '/')
    .replaceAll(/%2e/gi, '.')
    .split('/')) {
    const name = segment.split(';', 1)[0] as string;
    if (name === '..') depth -= 1;
    else if (name !== '' && name !== '.') depth += 1;
    if (depth < 0) return true;
  }
  return false;
}

const UPWARDS = /(?:\.|%2e){2}/i;
