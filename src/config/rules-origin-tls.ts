import type { Fault } from './kind.ts';
import type { Path } from './problem.ts';
import { asList, asMapping, type Mapping } from './raw.ts';
import { rawOwners } from './raw-endpoints.ts';

/** What the keys of `tls` of services and backends, and of their endpoints, mean for each other. */
export function originTlsFaults(root: Mapping): readonly Fault[] {
  return rawOwners(root).flatMap(({ path: at, block }) => {
    const common = asMapping(block['tls']);
    return [
      ...blockFaults([...at, 'tls'], common),
      ...asList(block['endpoints']).flatMap((one, i) =>
        endpointFaults([...at, 'endpoints', i, 'tls'], asMapping(one), common),
      ),
    ];
  });
}

function blockFaults(at: Path, tls: Mapping): readonly Fault[] {
  const faults: Fault[] = [];
  const add = (name: string, message: string) => faults.push({ path: [...at, name], message });
  if (tls['cert'] !== undefined && tls['key'] === undefined) add('cert', 'needs key, its private key');
  if (tls['key'] !== undefined && tls['cert'] === undefined)
    add('key', 'needs cert, the certificate that it belongs to');
  if (tls['insecure'] !== true) return faults;
  for (const name of VERIFYING) {
    if (tls[name] !== undefined) add(name, 'is for verifying, and insecure: true verifies nothing; remove one of them');
  }
  return faults;
}

function endpointFaults(at: Path, endpoint: Mapping, common: Mapping): readonly Fault[] {
  if (endpoint['tls'] === undefined) return [];
  const tls = asMapping(endpoint['tls']);
  const { url } = endpoint;
  if (typeof url === 'string' && /^http:/i.test(url)) {
    return [{ path: at, message: 'is for https, and the url of this endpoint is http; remove one of them' }];
  }
  const faults = [...blockFaults(at, tls)];
  if (common['insecure'] !== true || tls['insecure'] !== undefined) return faults;
  for (const name of VERIFYING) {
    if (tls[name] === undefined) continue;
    const message = 'is for verifying, and its service says insecure: true; say insecure: false here, or remove it';
    faults.push({ path: [...at, name], message });
  }
  return faults;
}

const VERIFYING = ['ca', 'verify_name'] as const;
