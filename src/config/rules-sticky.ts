import type { Fault } from './kind.ts';
import type { Path } from './problem.ts';
import { asMapping, isMapping, type Mapping } from './raw.ts';

/** Keys that only make sense with one way of telling clients. */
const FOR_COOKIES = ['cookie', 'secrets', 'ttl', 'same_site', 'secure'] as const;

/** What tells clients is there, and nothing that tells them otherwise. */
export function stickyFaults(root: Mapping): readonly Fault[] {
  return Object.entries(asMapping(root['services'])).flatMap(([name, service]) => {
    const sticky = asMapping(service)['sticky'];
    return isMapping(sticky) ? oneSticky(['services', name, 'sticky'], sticky) : [];
  });
}

function oneSticky(at: Path, sticky: Mapping): readonly Fault[] {
  const { by } = sticky;
  const faults: Fault[] = [];
  const add = (key: string, message: string) => faults.push({ path: [...at, key], message });
  if (by === 'cookie' && sticky['secrets'] === undefined) {
    add('by', 'is cookie, which must be signed; add secrets: ["${STICKY_SECRET}"], made with: openssl rand -hex 32');
  }
  if (by === 'header' && sticky['header'] === undefined) {
    add('by', 'is header, and no header is named; add header: X-User-Id or the like');
  }
  if (by !== 'header' && sticky['header'] !== undefined)
    add('header', 'is only for by: header; write that, or remove it');
  if (by !== 'cookie') {
    for (const key of FOR_COOKIES) {
      if (sticky[key] !== undefined) add(key, 'is only for by: cookie; write that, or remove it');
    }
  }
  if (by === 'cookie' && sticky['load'] !== undefined) {
    add('load', 'is only for by: header and by: client; a cookie names its endpoint, so remove it');
  }
  if (sticky['same_site'] === 'none' && sticky['secure'] === false) {
    add('secure', 'is false, and browsers refuse SameSite=None without Secure; write true, or same_site: lax');
  }
  return faults;
}
