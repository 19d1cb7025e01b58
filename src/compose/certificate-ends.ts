import { X509Certificate } from 'node:crypto';
import type { CertificateEnd, NamedEnd } from '../observe/config-families.ts';
import { certificatesIn, nameOf } from './certificate-checks.ts';
import type { PemTexts } from './pem-files.ts';

/** When the certificates end that the edge shows, and those that it trusts beside the usual ones. */
export function certificateEnds({ listeners, authorities }: PemTexts): readonly CertificateEnd[] {
  const shown = Object.values(listeners).flatMap(({ certificates }) =>
    certificates.map(({ cert }) => firstEndMs(cert)),
  );
  const ends = new Map<string, number>();
  for (const [holder, pem] of Object.entries(authorities)) {
    // An endpoint's id begins with the name of its service.
    const service = holder.split('/', 1)[0] as string;
    ends.set(service, Math.min(ends.get(service) ?? Number.POSITIVE_INFINITY, firstEndMs(pem)));
  }
  const trusted = Array.from(ends, ([service, endMs]) => ({ use: 'tls.ca', service, endMs }));
  return shown.length === 0 ? trusted : [{ use: 'edge.tls', service: '', endMs: Math.min(...shown) }, ...trusted];
}

/** When the chains end that listeners show, by the first name of each; of several with one name, the first end. */
export function shownEnds({ listeners }: Pick<PemTexts, 'listeners'>): readonly NamedEnd[] {
  const ends = new Map<string, number>();
  for (const { certificates } of Object.values(listeners)) {
    for (const { cert } of certificates) {
      const name = nameOf(new X509Certificate(cert));
      ends.set(name, Math.min(ends.get(name) ?? Number.POSITIVE_INFINITY, firstEndMs(cert)));
    }
  }
  return Array.from(ends, ([name, endMs]) => ({ name, endMs }));
}

/** How long the chains are still good that listeners show. */
export function certificatesLeft(
  pem: PemTexts,
  wallMs: number,
): readonly { readonly name: string; readonly leftMs: number }[] {
  return shownEnds(pem).map(({ name, endMs }) => ({ name, leftMs: endMs - wallMs }));
}

/** The first end of all that are in a text. They have been read before, so that each of them can be. */
function firstEndMs(pem: string): number {
  return Math.min(...certificatesIn(pem).map((one) => one.validToDate.getTime()));
}
