import { X509Certificate } from 'node:crypto';
import type { AlertFacts } from '../observe/alert-facts.ts';
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
  const ends = new Map<string, NamedEnd>();
  for (const { certificates } of Object.values(listeners)) {
    for (const { cert } of certificates) {
      const name = nameOf(new X509Certificate(cert));
      const first = firstOf(cert);
      const [beginMs, endMs] = [first.validFromDate.getTime(), first.validToDate.getTime()];
      if (endMs < (ends.get(name)?.endMs ?? Number.POSITIVE_INFINITY)) ends.set(name, { name, beginMs, endMs });
    }
  }
  return [...ends.values()];
}

/** How long the chains are still good that listeners show, and were from their beginning on. */
export function certificatesLeft(pem: PemTexts, wallMs: number): AlertFacts['certificates'] {
  return shownEnds(pem).map(({ name, beginMs, endMs }) => ({
    name,
    leftMs: endMs - wallMs,
    lifetimeMs: endMs - beginMs,
  }));
}

function firstEndMs(pem: string): number {
  return firstOf(pem).validToDate.getTime();
}

/** The first to end of all that are in a text. They have been read before, so that each of them can be. */
function firstOf(pem: string): X509Certificate {
  return certificatesIn(pem).reduce((first, one) => (one.validToDate < first.validToDate ? one : first));
}
