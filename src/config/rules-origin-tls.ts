import type { Fault } from './kind.ts';
import { asMapping, type Mapping } from './raw.ts';
import { rawOwners } from './raw-endpoints.ts';

/** What the keys of `tls` of services and backends mean for each other. */
export function originTlsFaults(root: Mapping): readonly Fault[] {
  return rawOwners(root).flatMap(({ path, block }) => {
    const tls = asMapping(block['tls']);
    const faults: Fault[] = [];
    const add = (name: string, message: string) => faults.push({ path: [...path, 'tls', name], message });
    if (tls['cert'] !== undefined && tls['key'] === undefined) add('cert', 'needs key, its private key');
    if (tls['key'] !== undefined && tls['cert'] === undefined)
      add('key', 'needs cert, the certificate that it belongs to');
    if (tls['insecure'] !== true) return faults;
    for (const name of ['ca', 'verify_name']) {
      if (tls[name] !== undefined)
        add(name, 'is for verifying, and insecure: true verifies nothing; remove one of them');
    }
    return faults;
  });
}
