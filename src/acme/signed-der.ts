import { type KeyObject, sign } from 'node:crypto';
import { bitString, NULL, octets, oid, sequence, tagged } from './der.ts';

const ECDSA_SHA256 = oid('1.2.840.10045.4.3.2');
const RSA_SHA256 = oid('1.2.840.113549.1.1.11');
const SUBJECT_ALT_NAME = oid('2.5.29.17');

/** How a key signs, with SHA-256. */
export function signatureAlgorithm(key: KeyObject): Buffer {
  return key.asymmetricKeyType === 'rsa' ? sequence(RSA_SHA256, NULL) : sequence(ECDSA_SHA256);
}

/** What is to be signed, how it was, and the signature (RFC 5280 §4.1, RFC 2986 §4). */
export function signed(toSign: Buffer, key: KeyObject): Buffer {
  return sequence(toSign, signatureAlgorithm(key), bitString(sign('sha256', toSign, key)));
}

/** The extension that says for which name a certificate is (RFC 5280 §4.2.1.6). */
export function nameExtension(domain: string): Buffer {
  return sequence(SUBJECT_ALT_NAME, octets(sequence(tagged(0x82, Buffer.from(domain)))));
}
