import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { AcmeSettings } from '../config/topology-acme.ts';

export type KeyPair = { readonly publicKey: KeyObject; readonly privateKey: KeyObject };

const generate = promisify(generateKeyPair);

/** A new key for a certificate. Made on another thread of the runtime: an RSA key takes a tenth of a second and more. */
export function newKeyPair(type: AcmeSettings['keyType']): Promise<KeyPair> {
  if (type === 'rsa') return generate('rsa', { modulusLength: 2048 });
  return generate('ec', { namedCurve: 'P-256' });
}
