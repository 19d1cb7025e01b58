import type { X509Certificate } from 'node:crypto';
import type { ClientCertificate } from '../message/client-certificate.ts';

/** Certificates behind the client's own that endpoints get; nobody's chain is longer for a good reason. */
export const CHAIN_MAX = 8;

/** What is known of a client by the certificate that it has shown. `withChain`: also of those who vouch for it, without the root. */
export function certificateFacts(shown: X509Certificate, withChain: boolean): ClientCertificate {
  return {
    subject: distinguishedName(shown.subject),
    fingerprint: shown.fingerprint256.replaceAll(':', '').toLowerCase(),
    der: shown.raw.toString('base64'),
    chain: withChain ? chainOf(shown) : [],
  };
}

/** The runtime has one part a line, the most specific last. */
function distinguishedName(subject: string | undefined): string {
  return (subject ?? '').split('\n').toReversed().join(',');
}

function chainOf(shown: X509Certificate): readonly string[] {
  const chain: string[] = [];
  let one = shown.issuerCertificate;
  while (one !== undefined && chain.length < CHAIN_MAX && !one.checkIssued(one)) {
    chain.push(one.raw.toString('base64'));
    one = one.issuerCertificate;
  }
  return chain;
}
