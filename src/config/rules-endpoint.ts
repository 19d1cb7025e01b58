import { isIP } from 'node:net';
import { type CloudMap, cloudMap } from './cloud-map.ts';
import { endpointId } from './endpoint-id.ts';
import { endpointUrl } from './endpoint-url.ts';
import type { Fault } from './kind.ts';
import type { Path } from './problem.ts';
import { asList, asMapping, asText, isMapping, type Mapping } from './raw.ts';
import { rawOwners, usesOf } from './raw-endpoints.ts';

/** Every endpoint must be somewhere, and be in its service or backend once. */
export function endpointFaults(root: Mapping): readonly Fault[] {
  const clouds = cloudMap(root['clouds']);
  return rawOwners(root).flatMap(({ name, path: at, block }) => {
    const firsts = new Map<string, number>();
    const isService = at[0] === 'services';
    if (isService && block['endpoints'] === undefined) {
      return block['backend'] === undefined && isMapping(asMapping(root['services'])[name])
        ? lackFaults(block, [...at, 'endpoints'])
        : [];
    }
    const modes = isService ? [block['mode']] : modesOfUsers(root, name);
    return asList(block['endpoints']).flatMap((item, index) => {
      const endpoint = asMapping(item);
      const path: Path = [...at, 'endpoints', index];
      return [
        ...placeFaults(endpoint, path, clouds),
        ...publicFaults(modes, endpoint, path),
        ...protocolFaults(endpoint, path),
        ...expandFaults(modes, endpoint, path),
        ...repeatFaults(endpoint, { service: name, path, index, firsts }),
      ];
    });
  });
}

/** The modes of the services that send to a backend. */
function modesOfUsers(root: Mapping, backend: string): readonly unknown[] {
  return Object.entries(asMapping(root['services'])).flatMap(([name, service]) =>
    usesOf(asMapping(service), name).some((use) => use.name === backend) ? [asMapping(service)['mode']] : [],
  );
}

/** Clients are sent where they can go, and nothing is said that nobody reads. */
function publicFaults(modes: readonly unknown[], endpoint: Mapping, path: Path): readonly Fault[] {
  const sendsAway = modes.find((mode) => mode === 'redirect' || mode === 'permanent-redirect');
  const isPublic = endpoint['public_url'] !== undefined;
  if ((sendsAway !== undefined) === isPublic) return [];
  const message =
    sendsAway !== undefined
      ? `lacks public_url, which mode: ${sendsAway} sends clients to; add it`
      : 'is only for mode: redirect; add that to the service, or remove this';
  return [{ path: sendsAway !== undefined ? path : [...path, 'public_url'], message }];
}

/** Whoever is not sent elsewhere wants an answer. */
function lackFaults({ redirect }: Mapping, path: Path): readonly Fault[] {
  const { host, path: paths } = asMapping(redirect);
  if (host !== undefined || paths !== undefined) return [];
  const hint = redirect === undefined ? '' : '; a redirect of the scheme alone leads back to this service';
  return [
    {
      path,
      message: `is missing; it must be a list of endpoints, each with cloud, region and url${hint}`,
    },
  ];
}

function placeFaults(endpoint: Mapping, path: Path, clouds: CloudMap): readonly Fault[] {
  const { lat, lon } = endpoint;
  if ((lat === undefined) !== (lon === undefined)) {
    const [has, lacks] = lat === undefined ? ['lon', 'lat'] : ['lat', 'lon'];
    return [{ path: [...path, has], message: `is given without ${lacks}; give both or neither` }];
  }
  const cloud = asText(endpoint['cloud']);
  const region = asText(endpoint['region']);
  if (lat !== undefined || cloud === undefined || region === undefined) return [];
  if (!clouds.names.includes(cloud) || clouds.place(cloud, region) !== undefined) return [];
  return [{ path: [...path, 'region'], message: clouds.advice(cloud, region, 'lat and lon') }];
}

/** Only a name has addresses, and only whoever forwards reaches them. */
function expandFaults(modes: readonly unknown[], { expand, url: given }: Mapping, path: Path): readonly Fault[] {
  const url = endpointUrl.read(given);
  if (expand === undefined || expand === false || !url.ok) return [];
  const at = [...path, 'expand'];
  if (isIP(url.value.host) !== 0) return [{ path: at, message: 'is for names, and the url has an address; remove it' }];
  const mode = modes.find((one) => one !== undefined && one !== 'proxy');
  if (mode === undefined) return [];
  return [
    {
      path: at,
      message: `is for requests that are forwarded, and with mode: ${asText(mode)} clients ask the public_url; remove it`,
    },
  ];
}

/** HTTP/2 is agreed on by TLS, or known beforehand without it. */
function protocolFaults({ protocol, url: given }: Mapping, path: Path): readonly Fault[] {
  const url = endpointUrl.read(given);
  if (!url.ok || protocol === undefined || protocol === 'h1') return [];
  const secure = url.value.protocol === 'https';
  if (secure === (protocol !== 'h2c')) return [];
  const message = secure
    ? 'h2c is HTTP/2 without TLS, and the url says https; write h2'
    : `${protocol === 'h2' ? 'h2' : 'auto'} is agreed on by TLS, and the url says http; write h2c for HTTP/2 without TLS, or https in the url`;
  return [{ path: [...path, 'protocol'], message }];
}

type Repeat = {
  readonly service: string;
  readonly path: Path;
  readonly index: number;
  readonly firsts: Map<string, number>;
};

function repeatFaults(endpoint: Mapping, { service, path, index, firsts }: Repeat): readonly Fault[] {
  const cloud = asText(endpoint['cloud']);
  const region = asText(endpoint['region']);
  const url = endpointUrl.read(endpoint['url']);
  if (cloud === undefined || region === undefined || !url.ok) return [];
  const id = endpointId({ service, cloud, region, url: url.value });
  const first = firsts.get(id);
  if (first === undefined) firsts.set(id, index);
  if (first === undefined) return [];
  const message = `has the same cloud, region and url as endpoints[${first}]; remove one, or add up their capacity`;
  return [{ path, message }];
}
