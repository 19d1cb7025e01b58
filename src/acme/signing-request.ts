import { integer, oid, sequence, setOf, tagged } from './der.ts';
import type { KeyPair } from './key-pair.ts';
import { nameExtension, signed } from './signed-der.ts';

const EXTENSION_REQUEST = oid('1.2.840.113549.1.9.14');

/**
 * The request for a certificate (PKCS #10, RFC 2986) for one name, in DER. Its subject is empty: who it is for, the extension says, and no
 * name is too long for that.
 */
export function signingRequest(domain: string, { publicKey, privateKey }: KeyPair): Buffer {
  const extensions = sequence(EXTENSION_REQUEST, setOf(sequence(nameExtension(domain))));
  const info = sequence(
    integer(Buffer.from([0])),
    sequence(),
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa0, extensions),
  );
  return signed(info, privateKey);
}
