import type { Fault } from './kind.ts';
import { asMapping, type Mapping } from './raw.ts';

/** What the keys of `services.NAME.tls` mean for each other. */
export function originTlsFaults(root: Mapping): readonly Fault[] {
  return Object.entries(asMapping(root['services'])).flatMap(([service, block]) => {
    const tls = asMapping(asMapping(block)['tls']);
    const faults: Fault[] = [];
    const add = (name: string, message: string) => faults.push({ path: ['services', service, 'tls', name], message });
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
