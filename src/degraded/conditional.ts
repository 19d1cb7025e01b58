import type { Copy, HeaderLookup } from './copy.ts';

/** Headers of a 304 (RFC 9110 §15.4.5), which describe what the client has already. */
const KEPT: ReadonlySet<string> = new Set([
  'cache-control',
  'content-location',
  'date',
  'etag',
  'expires',
  'last-modified',
  'vary',
]);

/**
 * Whether the client has the copy already: `If-None-Match` by weak comparison, else `If-Modified-Since` (RFC 9110
 * §13.1.2, §13.1.3, §13.2.2). Only a 200 can be confirmed.
 */
export function isNotModified(copy: Copy, header: HeaderLookup): boolean {
  if (copy.status !== 200) return false;
  const none = header('if-none-match');
  if (none !== undefined) {
    const etag = fieldOf(copy, 'etag');
    return none.trim() === '*' || (etag !== undefined && tagsIn(none).includes(opaque(etag)));
  }
  const since = Date.parse(header('if-modified-since') ?? '');
  const modified = Date.parse(fieldOf(copy, 'last-modified') ?? '');
  return modified <= since;
}

/** The head that goes with the answer that nothing has changed. */
export function notModifiedHeaders(copy: Copy): string[] {
  const kept: string[] = [];
  for (let i = 0; i < copy.headers.length; i += 2) {
    if (KEPT.has((copy.headers[i] as string).toLowerCase())) {
      kept.push(copy.headers[i] as string, copy.headers[i + 1] as string);
    }
  }
  return kept;
}

function fieldOf({ headers }: Copy, name: string): string | undefined {
  const at = headers.findIndex((text, i) => i % 2 === 0 && text.toLowerCase() === name);
  return at === -1 ? undefined : headers[at + 1];
}

function tagsIn(list: string): readonly string[] {
  return (list.match(/(?:W\/)?"[^"]*"/g) ?? []).map(opaque);
}

function opaque(tag: string): string {
  return tag.trim().replace(/^W\//, '');
}
