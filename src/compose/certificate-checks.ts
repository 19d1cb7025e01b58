import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { isoOf } from '../observe/iso-time.ts';

/** What is in the files of a certificate and its key. */
export type CheckedPair = {
  /** In lower case; `*.example.com` among them. The common name where it has no other. */
  readonly names: readonly string[];
  readonly keyType: string;
  readonly fingerprint: string;
  /** When the first of the chain ends, by the wall clock. */
  readonly notAfterMs: number;
};

/**
 * Checks that the texts of a chain and a key are whole and belong together. Throws with the reason, in words that say whose certificate
 * it is. Whether the chain is good today is another question: see `dateProblem`.
 */
export function checkPair(cert: string, key: string): CheckedPair {
  const chain = certificatesIn(cert);
  const [leaf] = chain as [X509Certificate];
  const name = nameOf(leaf);
  if (!leaf.checkPrivateKey(privateKey(key))) {
    const other = chain.find((one) => one.checkPrivateKey(privateKey(key)));
    if (other !== undefined)
      throw new Error(`the key is that of ${nameOf(other)}; the chain must begin with it, the leaf first`);
    throw new Error(`the key is not that of the certificate of ${name}`);
  }
  const rest = chain.slice(1);
  if (rest.length > 0 && !rest.some((one) => leaf.checkIssued(one))) {
    throw new Error(`none of the other certificates in the chain issued that of ${name}`);
  }
  // What else TLS asks of them, such as keys that are long enough.
  createSecureContext({ cert, key });
  return {
    names: namesOf(leaf),
    keyType: leaf.publicKey.asymmetricKeyType ?? 'unknown',
    fingerprint: leaf.fingerprint256.replaceAll(':', '').toLowerCase(),
    notAfterMs: Math.min(...chain.map((one) => one.validToDate.getTime())),
  };
}

/** Why a chain is not good now, with the name and the date; undefined when it is. */
export function dateProblem(cert: string, wallMs: number): string | undefined {
  for (const one of certificatesIn(cert)) {
    const [from, to] = [one.validFromDate.getTime(), one.validToDate.getTime()];
    if (to <= wallMs) return `the certificate of ${nameOf(one)} ended on ${isoOf(to)}`;
    if (from > wallMs) return `the certificate of ${nameOf(one)} is not good before ${isoOf(from)}`;
  }
  return undefined;
}

/** Every certificate of a text. Reads each: a TLS context would pass over a damaged one in silence, and trust nobody. */
export function certificatesIn(pem: string): readonly X509Certificate[] {
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g);
  if (certificates === null) throw new Error('it holds no certificate');
  return certificates.map((certificate) => new X509Certificate(certificate));
}

/** Whose certificate it is, for messages and metrics: its first name, or the most specific part of its subject. */
export function nameOf(certificate: X509Certificate): string {
  return namesOf(certificate)[0] ?? certificate.subject?.split('\n').at(-1) ?? 'nobody';
}

function namesOf(leaf: X509Certificate): readonly string[] {
  const names = Array.from((leaf.subjectAltName ?? '').matchAll(/DNS:("?)([^,"]+)\1/g), ([, , name]) =>
    (name as string).toLowerCase(),
  );
  if (names.length > 0) return names;
  const common = /^CN=(.+)$/m.exec(leaf.subject ?? '')?.[1];
  return common === undefined ? [] : [common.toLowerCase()];
}

function privateKey(pem: string): KeyObject {
  if (/-----BEGIN ENCRYPTED|Proc-Type: 4,ENCRYPTED/.test(pem)) {
    throw new Error('the key is encrypted with a passphrase; store it without one, readable by this user only');
  }
  if (!pem.includes('PRIVATE KEY-----')) throw new Error('there is no private key in the file of the key');
  try {
    return createPrivateKey(pem);
  } catch (error) {
    throw new Error(`the key cannot be read (${(error as Error).message})`, { cause: error });
  }
}
