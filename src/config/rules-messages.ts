import type { Fault } from './kind.ts';
import { ownEntry } from './own-entry.ts';
import type { Path } from './problem.ts';
import { asList, asMapping, asText, isMapping, type Mapping } from './raw.ts';

type Direction = 'request' | 'response';

/** Why a field of a message is not a rule's to touch, with what to do instead, by its name in lower case. */
const FRAMING = 'frames the message, which is this edge’s to do; leave it out';
const HOP = 'is about one connection and goes no further anyway; leave it out';
const OWN = 'is written by this edge itself';
const TRUSTED = `${OWN}; name the proxies that may say it in edge.trust_proxies`;
const BOTH: Readonly<Record<string, string>> = {
  'content-length': FRAMING,
  'transfer-encoding': FRAMING,
  trailer: FRAMING,
  connection: HOP,
  'keep-alive': HOP,
  'proxy-connection': HOP,
  'proxy-authenticate': HOP,
  'proxy-authorization': HOP,
  'http2-settings': HOP,
  te: HOP,
  upgrade: HOP,
  'x-request-id': `${OWN}; put its value into another field with \${request.id}`,
};
const UNTOUCHABLE: Readonly<Record<Direction, Readonly<Record<string, string>>>> = {
  request: {
    ...BOTH,
    host: 'is not set by a rule; write host: upstream, client or a name, in the service or at an endpoint',
    expect: HOP,
    via: `${OWN}, so that loops are seen; leave it out`,
    traceparent: `${OWN}; leave it out`,
    'x-forwarded-for': TRUSTED,
    'x-forwarded-proto': TRUSTED,
    'x-forwarded-host': TRUSTED,
    'max-forwards': `${OWN}; leave it out`,
    proxy: 'becomes HTTP_PROXY in many programs, and goes no further; choose another name',
  },
  response: { ...BOTH, date: `${OWN} where an answer has none; leave it out` },
};

/** Why a field of requests is not to be written by what a file says, with what to do instead; undefined: it may be. `name` is in lower case. */
export function untouchable(name: string): string | undefined {
  return UNTOUCHABLE.request[plain(name, 'request')];
}

/** Fields that no rule may touch, fields that are named twice, and rules that say nothing or against each other. */
export function messageFaults(root: Mapping): readonly Fault[] {
  return Object.entries(asMapping(root['services'])).flatMap(([name, block]) => {
    const service = asMapping(block);
    const at: Path = ['services', name];
    const headers = asMapping(service['headers']);
    return [
      ...(['request', 'response'] as const).flatMap((direction) =>
        fieldFaults([...at, 'headers', direction], asMapping(headers[direction]), direction),
      ),
      ...saidTwice([...at, 'headers', 'response'], asMapping(headers['response']), service),
      ...pathFaults([...at, 'path'], service['path']),
      ...redirectFaults([...at, 'redirect'], service['redirect']),
    ];
  });
}

function fieldFaults(at: Path, rules: Mapping, direction: Direction): readonly Fault[] {
  const faults: Fault[] = [];
  const seen = new Map<string, string>();
  const look = (name: string, how: string, path: Path, part: 'key' | undefined): void => {
    const lower = name.toLowerCase();
    const why = UNTOUCHABLE[direction][plain(lower, direction)];
    const before = seen.get(lower);
    seen.set(lower, how);
    const again = before !== undefined && !(before !== how && how === 'add' && before === 'set');
    const message = why ?? (again ? `is in ${before} already, in these or other letters; say it once` : undefined);
    if (message !== undefined) faults.push({ path, message, ...(part === undefined ? {} : { part }) });
  };
  for (const how of ['set', 'add'] as const) {
    for (const name of Object.keys(asMapping(rules[how]))) look(name, how, [...at, how, name], 'key');
  }
  for (const [index, name] of asList(rules['remove']).entries()) {
    if (asText(name) !== undefined) look(String(name), 'remove', [...at, 'remove', index], undefined);
  }
  return faults;
}

/** Servers that put fields into variables make one variable of `X_Forwarded_For` and `X-Forwarded-For`. */
function plain(lower: string, direction: Direction): string {
  const hyphens = lower.replaceAll(/[^a-z0-9]/g, '-');
  return direction === 'request' && Object.hasOwn(UNTOUCHABLE.request, hyphens) ? hyphens : lower;
}

/** Keys of a service that write a field of answers themselves. */
const WRITTEN_BY: Readonly<Record<string, string>> = { 'strict-transport-security': 'hsts', 'alt-svc': 'alt_svc' };

function saidTwice(at: Path, response: Mapping, service: Mapping): readonly Fault[] {
  return ['set', 'add'].flatMap((how) =>
    Object.keys(asMapping(response[how])).flatMap((name) => {
      const by = ownEntry(WRITTEN_BY, name.toLowerCase());
      const value = by === undefined ? undefined : service[by];
      if (by === undefined || value === undefined || value === 'off') return [];
      return [{ path: [...at, how, name], message: `is what ${by} says too; keep one of them`, part: 'key' as const }];
    }),
  );
}

function pathFaults(at: Path, path: unknown): readonly Fault[] {
  if (!isMapping(path)) return [];
  const { set, ...others } = path;
  if (Object.keys(path).length === 0)
    return [{ path: at, message: 'says nothing; add strip_prefix, replace, add_prefix or set' }];
  const other = Object.keys(others)[0];
  if (set === undefined || other === undefined) return [];
  return [
    { path: [...at, 'set'], message: `replaces the whole path, so that ${other} says nothing; remove one of them` },
  ];
}

function redirectFaults(at: Path, redirect: unknown): readonly Fault[] {
  if (!isMapping(redirect)) return [];
  const { scheme, host, path } = redirect;
  if (scheme === undefined && host === undefined && path === undefined) {
    return [{ path: at, message: 'leads nowhere else; add scheme: https, a host or a path' }];
  }
  return pathFaults([...at, 'path'], path);
}
