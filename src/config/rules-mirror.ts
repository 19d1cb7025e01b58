import type { Fault } from './kind.ts';
import type { Path } from './problem.ts';
import { asMapping, asText, isMapping, type Mapping } from './raw.ts';
import { rawEndpointsOf, usesOf } from './raw-endpoints.ts';
import { didYouMean } from './suggest.ts';

/** Copies go to somebody who is there, has endpoints, and is not whoever answers the request itself. */
export function mirrorFaults(root: Mapping): readonly Fault[] {
  return Object.entries(asMapping(root['services'])).flatMap(([name, service]) => {
    const block = asMapping(service);
    if (!isMapping(block['mirror'])) return [];
    const at: Path = ['services', name, 'mirror'];
    return [...toFaults(root, { name, block, at }), ...waitFaults(block, at)];
  });
}

type Mirroring = { readonly name: string; readonly block: Mapping; readonly at: Path };

function toFaults(root: Mapping, { name, block, at }: Mirroring): readonly Fault[] {
  const to = asText(asMapping(block['mirror'])['to']);
  if (to === undefined) return [];
  const path = [...at, 'to'];
  const services = asMapping(root['services']);
  const known = [...Object.keys(asMapping(root['backends'])), ...Object.keys(services)];
  if (!known.includes(to)) {
    return [{ path, message: `names no backend and no service: "${to}"${didYouMean(to, known)}` }];
  }
  const itself = to === name || usesOf(block, name).some((use) => use.name === to) || sharesOne(root, name, to);
  if (itself) {
    const message = `is a mirror to itself: ${to} has endpoints that answer this service's requests; name another backend or service`;
    return [{ path, message }];
  }
  if (!Object.hasOwn(services, to) || Object.hasOwn(asMapping(root['backends']), to)) return [];
  const target = asMapping(services[to]);
  const sends = target['endpoints'] !== undefined || target['backend'] !== undefined;
  if (sends && target['mode'] !== 'redirect' && target['mode'] !== 'permanent-redirect') return [];
  return [
    {
      path,
      message: `names a service that sends its clients elsewhere, and forwards nothing; name one with endpoints`,
    },
  ];
}

/** Whether two services share a backend. */
function sharesOne(root: Mapping, name: string, other: string): boolean {
  const owners = new Set(rawEndpointsOf(root, name).map(({ owner }) => owner));
  return rawEndpointsOf(root, other).some(({ owner }) => owners.has(owner));
}

/** A service that forwards nothing has nothing to mirror. */
function waitFaults({ mode }: Mapping, at: Path): readonly Fault[] {
  if (mode !== 'redirect' && mode !== 'permanent-redirect') return [];
  const message = `is for requests that are forwarded, and mode: ${mode} forwards none; remove one of them`;
  return [{ path: at, message }];
}
