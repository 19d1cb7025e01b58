import { X509Certificate } from 'node:crypto';
import type { CertificateEnd } from '../observe/config-families.ts';
import type { PemTexts } from './pem-files.ts';

/** When the certificates end that the edge shows, and those that it trusts beside the usual ones. */
export function certificateEnds({ tls, authorities }: PemTexts): readonly CertificateEnd[] {
  const trusted = Object.entries(authorities).map(([service, pem]) => ({
    use: 'tls.ca',
    service,
    endMs: firstEndMs(pem),
  }));
  return tls === undefined ? trusted : [{ use: 'edge.tls', service: '', endMs: firstEndMs(tls.cert) }, ...trusted];
}

/** The first end of all that are in a text. They have been read before, so that each of them can be. */
function firstEndMs(pem: string): number {
  const all = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  return Math.min(...all.map((one) => new Date(new X509Certificate(one).validTo).getTime()));
}
