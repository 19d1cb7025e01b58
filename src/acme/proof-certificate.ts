import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { integer, octets, oid, pem, sequence, setOf, TRUE, tagged, time, utf8 } from './der.ts';
import { nameExtension, signatureAlgorithm, signed } from './signed-der.ts';

const COMMON_NAME = oid('2.5.4.3');
/** id-pe-acmeIdentifier. */
const ACME_IDENTIFIER = oid('1.3.6.1.5.5.7.1.31');
const HOUR_MS = 3_600_000;

/** The certificate that answers TLS-ALPN-01 (RFC 8737 §3): made by the edge itself, for that name alone, with what the authority looks for in it. */
export function proofCertificate(
  domain: string,
  keyAuthorization: string,
  wallMs: number,
): { readonly cert: string; readonly key: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(setOf(sequence(COMMON_NAME, utf8('ACME challenge'))));
  const digest = createHash('sha256').update(keyAuthorization).digest();
  const extensions = sequence(nameExtension(domain), sequence(ACME_IDENTIFIER, TRUE, octets(octets(digest))));
  const toSign = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(randomBytes(16)),
    signatureAlgorithm(privateKey),
    name,
    sequence(time(wallMs - HOUR_MS), time(wallMs + 24 * HOUR_MS)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, extensions),
  );
  return {
    cert: pem('CERTIFICATE', signed(toSign, privateKey)),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
  };
}
