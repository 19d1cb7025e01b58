import { addressText } from './authority.ts';
import { type Fault, mustBe } from './kind.ts';
import { listenAddress } from './listen.ts';
import { type Path, pathText } from './problem.ts';
import { asList, asMapping, asText, type Mapping } from './raw.ts';
import { ADMIN_LISTEN, EDGE_LISTEN } from './schema-edge.ts';
import { PEM_PATH } from './schema-listener.ts';
import type { ListenAddress } from './topology-listener.ts';

/** Listeners of an edge, and certificates of one of them. */
export const LISTENERS_MAX = 32;
export const CERTIFICATES_MAX = 1000;

/** What the keys of listeners mean for each other. */
export function listenerFaults(root: Mapping): readonly Fault[] {
  const edge = asMapping(root['edge']);
  const listeners = asList(edge['listeners']).map(asMapping);
  const paths = listeners.map((_, i): Path => ['edge', 'listeners', i]);
  return [
    ...shortFormFaults(edge),
    ...countFaults(listeners.length, LISTENERS_MAX, ['edge', 'listeners'], 'listeners'),
    ...portFaults(root),
    ...nameFaults(listeners),
    ...tlsFaults(edge['tls'], ['edge', 'tls']),
    ...listeners.flatMap((one, i) => ofListener(one, paths[i] as Path)),
  ];
}

function shortFormFaults(edge: Mapping): readonly Fault[] {
  if (edge['listeners'] === undefined) return [];
  return ['listen', 'tls']
    .filter((name) => edge[name] !== undefined)
    .map((name) => ({
      path: ['edge', name],
      message: 'is the short form for one listener, and there is a list of them; put it into edge.listeners',
      part: 'key' as const,
    }));
}

function countFaults(count: number, max: number, path: Path, what: string): readonly Fault[] {
  return count <= max ? [] : [{ path, message: `has ${count} ${what}; at most ${max} fit` }];
}

/** An address and the key that has it; `given` is whether the file says it. */
type Taken = { readonly at: Path; readonly address: ListenAddress; readonly given: boolean };

/** No two can listen on one port, and operators are not served where clients are. */
function portFaults(root: Mapping): readonly Fault[] {
  const edge = asMapping(root['edge']);
  const listed = asList(edge['listeners']).map((one, i) => [
    ['edge', 'listeners', i, 'listen'],
    asMapping(one)['listen'],
  ]);
  const all = [
    ...(edge['listeners'] === undefined ? [[['edge', 'listen'], edge['listen'], EDGE_LISTEN]] : listed),
    [['admin', 'listen'], asMapping(root['admin'])['listen'], ADMIN_LISTEN],
  ].flatMap(([at, value, fallback]): Taken[] => {
    const read = listenAddress.read(value ?? fallback);
    return read.ok ? [{ at: at as Path, address: read.value, given: value !== undefined }] : [];
  });
  return all.flatMap((one, i) => {
    const before = all.slice(0, i).find(({ address }) => overlap(address, one.address));
    if (before === undefined) return [];
    // What stands in the file is at fault, not a default.
    const [wrong, other] = one.given ? [one, before] : [before, one];
    const message = `is also where ${pathText(other.at)} is; give one of them another port`;
    return [{ path: wrong.at, message }];
  });
}

/** `::` takes IPv4 too. */
function overlap(a: ListenAddress, b: ListenAddress): boolean {
  if (a.port === 0 || a.port !== b.port) return false;
  return a.host === b.host || [a.host, b.host].some((host) => host === '0.0.0.0' || host === '::');
}

function nameFaults(listeners: readonly Mapping[]): readonly Fault[] {
  const seen = new Set<string>();
  return listeners.flatMap((one, i) => {
    const address = listenAddress.read(one['listen']);
    const name = asText(one['name']) ?? (address.ok ? addressText(address.value.host, address.value.port) : undefined);
    if (name === undefined || !seen.has(name)) {
      if (name !== undefined) seen.add(name);
      return [];
    }
    const key = one['name'] === undefined ? 'listen' : 'name';
    return [
      {
        path: ['edge', 'listeners', i, key],
        message: `is the name of another listener; give one of them another name`,
      },
    ];
  });
}

function ofListener(one: Mapping, at: Path): readonly Fault[] {
  const faults: Fault[] = [...tlsFaults(one['tls'], [...at, 'tls'])];
  const add = (name: string, message: string) => faults.push({ path: [...at, name], message });
  const secure = one['tls'] !== undefined;
  if (one['http2'] === 'h2c' && secure)
    add('http2', 'h2c is HTTP/2 without TLS, and this listener has tls; write true');
  if (one['http2'] === true && !secure) add('http2', 'needs tls; HTTP/2 without it is h2c');
  if (one['redirect'] !== undefined && secure) add('redirect', 'leads to https, and this listener has tls; remove one');
  if (one['redirect'] !== undefined && one['http2'] !== undefined)
    add('http2', 'is nothing for a listener that redirects; remove it');
  if (one['redirect_port'] !== undefined && one['redirect'] === undefined)
    add('redirect_port', 'needs redirect: https');
  return faults;
}

function tlsFaults(value: unknown, at: Path): readonly Fault[] {
  if (value === undefined || value === null) return [];
  const tls = asMapping(value);
  const faults: Fault[] = [];
  const add = (path: Path, message: string) => faults.push({ path: [...at, ...path], message });
  const certificates = asList(tls['certificates']);
  faults.push(...countFaults(certificates.length, CERTIFICATES_MAX, [...at, 'certificates'], 'certificates'));
  const missing = mustBe(PEM_PATH, undefined);
  const needsOne = tls['certificates'] === undefined && tls['acme'] === undefined;
  if (tls['cert'] === undefined && (needsOne || tls['key'] !== undefined)) add(['cert'], missing);
  if (tls['key'] === undefined && (needsOne || tls['cert'] !== undefined)) add(['key'], missing);
  if (tls['client_ca'] !== undefined) return faults;
  for (const name of ['client_certificate', 'client_certificate_chain']) {
    if (tls[name] !== undefined) add([name], 'needs client_ca, the authorities that vouch for clients');
  }
  return faults;
}
