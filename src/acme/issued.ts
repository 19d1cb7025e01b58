import { createPrivateKey, X509Certificate } from 'node:crypto';
import { AuthorityError } from './authority-error.ts';
import { elementAt, elementsIn } from './der.ts';

/** What an edge has of a certificate that it obtained. */
export type Issued = {
  /** The private key and the chain, leaf first: what is in its file. */
  readonly pem: string;
  readonly fingerprint: string;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /** By which the authority knows it (RFC 9773 §4.1); undefined where it names no key of its issuer. */
  readonly renewalId: string | undefined;
};

/** A chain of ten certificates has some 20 KiB; an authority that sends more is not to fill anybody's disk. */
const CHAIN_BYTES_MAX = 64 * 1024;

/**
 * Reads what an authority has issued, or what was kept of it: the chain must be for the name, for the key, in order, and good now. Rejects what
 * is not, so that nothing of it ever replaces what is good.
 */
export function issuedOf(
  domain: string,
  { key, chain }: { readonly key: string; readonly chain: string },
  wallMs: number,
): Issued {
  const wrong = (why: string): AuthorityError =>
    new AuthorityError('wrong', `the certificate that came for ${domain} ${why}`);
  if (Buffer.byteLength(chain) > CHAIN_BYTES_MAX) throw wrong(`has more than ${CHAIN_BYTES_MAX} bytes`);
  const texts = chain.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  const [leaf, ...rest] = texts.map((text) => read(text, wrong));
  if (leaf === undefined) throw wrong('is none');
  const names = Array.from((leaf.subjectAltName ?? '').matchAll(/DNS:("?)([^,"]+)\1/g), ([, , name]) => name as string);
  if (!names.some((name) => name.toLowerCase() === domain)) {
    throw wrong(`is for ${names.slice(0, 3).join(', ').slice(0, 200) || 'nobody'}`);
  }
  if (!leaf.checkPrivateKey(createPrivateKey(key))) throw wrong('is for another key');
  [leaf, ...rest].forEach((one, i, all) => {
    const issuer = all[i + 1];
    if (issuer !== undefined && !one.checkIssued(issuer)) throw wrong('has a chain that does not hold together');
  });
  const notBeforeMs = leaf.validFromDate.getTime();
  const notAfterMs = Math.min(...[leaf, ...rest].map((one) => one.validToDate.getTime()));
  if (notAfterMs <= wallMs) throw wrong('has ended already');
  if (notBeforeMs > wallMs + CLOCKS_APART_MS) throw wrong('is not good yet; compare the clocks');
  return {
    pem: `${key.trim()}\n${texts.join('\n')}\n`,
    fingerprint: leaf.fingerprint256.replaceAll(':', '').toLowerCase(),
    notBeforeMs,
    notAfterMs,
    renewalId: renewalIdOf(leaf),
  };
}

const CLOCKS_APART_MS = 5 * 60_000;

function read(text: string, wrong: (why: string) => AuthorityError): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch {
    throw wrong('cannot be read');
  }
}

/** The id of the issuer's key and the serial number, as they stand in the certificate, in base64url (RFC 9773 §4.1). */
export function renewalIdOf(leaf: Pick<X509Certificate, 'raw'>): string | undefined {
  const parts = elementsIn(contentAt(contentAt(leaf.raw)));
  const serial = parts.find(({ tag }) => tag === 0x02);
  const extensions = parts.find(({ tag }) => tag === 0xa3);
  if (serial === undefined || extensions === undefined) return undefined;
  const issuer = elementsIn(contentAt(extensions.content))
    .map(({ content }) => elementsIn(content))
    .find(([oid]) => oid?.content.equals(AUTHORITY_KEY_IDENTIFIER));
  const id = elementsIn(contentAt(issuer?.at(-1)?.content ?? EMPTY)).find(({ tag }) => tag === 0x80);
  if (id === undefined) return undefined;
  return `${id.content.toString('base64url')}.${serial.content.toString('base64url')}`;
}

/** What is in the first element of a text; empty where there is none. */
function contentAt(bytes: Buffer): Buffer {
  return elementAt(bytes, 0)?.content ?? EMPTY;
}

const EMPTY = Buffer.alloc(0);
/** 2.5.29.35, without tag and length. */
const AUTHORITY_KEY_IDENTIFIER = Buffer.from([0x55, 0x1d, 0x23]);
